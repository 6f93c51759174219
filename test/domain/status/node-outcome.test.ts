import { describe, expect, it } from 'vitest';

import { nodeLine } from '../../../cli/node/node-line.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { nodeOutcome } from '../../../domain/status/node-outcome.ts';
import { condition, NODES, FULL_V1, FULL_V2, WITHDRAWN } from '../../cli/nodes-in-states.ts';
import { EARLIER, plan, runningNode } from '../../support/sei-node.ts';

const outcomeOf = (node: SeiNode | undefined, image?: string) => nodeOutcome(node, 'n0', image);

describe('the outcome that somebody waits for', () => {
  it('is there once the node runs the image', () => {
    expect(outcomeOf(NODES.running, FULL_V1)).toEqual({
      kind: 'done',
      message: `SeiNode n0 runs ${FULL_V1}`,
    });
  });

  it.each(['updating', 'stalled', 'held', 'starting'] as const)(
    'is not known while the node is %s',
    (state) => {
      expect(outcomeOf(NODES[state])).toEqual({ kind: 'pending' });
    },
  );

  it('is that it does not serve, for the reason of its pod', () => {
    const crashes = condition('Ready', 'False', 'CrashLoopBackOff', 'container seid crashes');
    const node = runningNode({ status: { conditions: [crashes] } });
    expect(outcomeOf(node)).toMatchObject({
      kind: 'unready',
      message: 'SeiNode n0 runs sei:v1 and is not ready: CrashLoopBackOff: container seid crashes',
    });
  });

  it('is pending while the next attempt may fix a failure', () => {
    expect(outcomeOf(NODES.failed, FULL_V2)).toEqual({ kind: 'pending' });
  });

  it('is a failure that only a changed spec fixes', () => {
    const lastFailure = {
      step: 'apply-statefulset',
      reason: 'InvalidSpec',
      message: 'spec.peers is empty',
      at: EARLIER,
    };
    const node = runningNode({
      spec: { image: FULL_V2 },
      status: { plan: plan({ phase: 'Failed', lastFailure }) },
    });
    expect(outcomeOf(node, FULL_V2)).toEqual({
      kind: 'failed',
      message: 'SeiNode n0 failed at apply-statefulset: InvalidSpec: spec.peers is empty',
    });
  });

  it('is there for the image that ran all along once the failed update is withdrawn', () => {
    expect(outcomeOf(WITHDRAWN, FULL_V1)).toMatchObject({ kind: 'done' });
  });

  it('is not known while status is of an older spec', () => {
    const { metadata, status } = WITHDRAWN;
    const conditions = [condition('NodeUpdateInProgress', 'False', 'UpdateFailed', 'refused')];
    const node = { ...WITHDRAWN, metadata: { ...metadata, generation: 2 } };
    expect(outcomeOf({ ...node, status: { ...status, conditions } }, FULL_V1)).toEqual({
      kind: 'pending',
    });
    const failed = { ...node, status: { ...status, phase: 'Failed' } } as const;
    expect(outcomeOf(failed, FULL_V1)).toEqual({ kind: 'pending' });
  });

  it('is a failure when a stall outside of an update waits for a change', () => {
    const stalled = condition('Stalled', 'True', 'Incompatible', 'podManagementPolicy differs');
    const node = runningNode({ status: { conditions: [stalled] } });
    expect(outcomeOf(node)).toMatchObject({ kind: 'failed' });
  });

  it('is a failure when another image supersedes the one that was asked for', () => {
    expect(outcomeOf(NODES.updating, FULL_V1)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('is superseded') as string,
    });
  });

  it('is a failure when the image is rolled back', () => {
    expect(outcomeOf(NODES.rolledBack, FULL_V2)).toMatchObject({
      kind: 'failed',
      message: `SeiNode n0 is rolled back from ${FULL_V2} to ${FULL_V1}`,
    });
    expect(outcomeOf(NODES.rolledBack)).toMatchObject({ kind: 'done' });
  });

  it('is a failure for a node that was given up', () => {
    const node = runningNode({ status: { phase: 'Failed', plan: plan({ phase: 'Failed' }) } });
    expect(outcomeOf(node)).toMatchObject({ kind: 'failed' });
  });

  it('is a failure while a pause keeps the image from running', () => {
    const node = runningNode({ spec: { image: FULL_V2, paused: true } });
    expect(outcomeOf(node, FULL_V2)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('once spec.paused is false') as string,
    });
  });

  it('is a failure once the node is gone', () => {
    expect(outcomeOf(undefined)).toEqual({ kind: 'failed', message: 'SeiNode n0 is gone' });
  });
});

describe('the line of a node that is followed', () => {
  it.each(Object.values(NODES).map((node) => [node.metadata.name, node] as const))(
    'says that it is %s',
    (state, node) => {
      expect(nodeLine(node)).toMatch(new RegExp(`^${state}`));
    },
  );

  it('counts the steps', () => {
    expect(nodeLine(NODES.updating)).toBe(
      `updating, ${FULL_V1} -> ${FULL_V2}, observe-image (3/5 done)`,
    );
    // True from the moment at which its pod runs the new image.
    const status = { ...NODES.updating.status, currentImage: FULL_V2 };
    expect(nodeLine({ ...NODES.updating, status })).toMatch(`updating, ${FULL_V1} -> ${FULL_V2}, `);
  });
});
