import { describe, expect, it } from 'vitest';

import { byTrouble } from '../../../cli/node/by-trouble.ts';
import type { NodeState } from '../../../domain/status/node-health.ts';
import { NODE_STATES, nodeHealth } from '../../../domain/status/node-health.ts';
import { condition, NODES, FULL_V1, FULL_V2, WITHDRAWN } from '../../cli/nodes-in-states.ts';
import { EARLIER, LATER, NOW, plan, runningNode } from '../../support/sei-node.ts';

describe('the health of a node', () => {
  it.each(Object.values(NODES).map((node) => [node.metadata.name, node] as const))(
    'is %s for a node that is',
    (state, node) => {
      expect(nodeHealth(node).state).toBe(state);
    },
  );

  it('names the step under way, and the one that failed', () => {
    expect(nodeHealth(NODES.updating).step).toBe('observe-image');
    expect(nodeHealth(NODES.failed).step).toBe('apply-statefulset');
    expect(nodeHealth(NODES.running).step).toBeUndefined();
  });

  it('names each reason once, the one to begin with first', () => {
    const { status } = NODES.stalled;
    const held = { actor: 'kim', reason: 'a look', since: NOW };
    const node = { ...NODES.stalled, status: { ...status, hold: held } };
    expect(nodeHealth(node).state).toBe('stalled');
    expect(nodeHealth(node).blockers.map(({ reason }) => reason)).toEqual([
      'ImagePullBackOff',
      'Held',
    ]);
  });

  it('names the pod that a deleted node, or a paused one, waits for', () => {
    const waits = [condition('PodRunning', 'False', 'Terminating', 'waits for pod n0-0')];
    const { metadata, spec, status } = NODES.terminating;
    const deleted = runningNode({ metadata, spec, status: { ...status, conditions: waits } });
    expect(nodeHealth(deleted)).toMatchObject({
      state: 'terminating',
      blockers: [{ reason: 'Terminating', message: 'waits for pod n0-0', since: EARLIER }],
    });
    expect(nodeHealth(NODES.scalingDown).blockers).toMatchObject([
      { reason: 'ScalingDown', message: expect.stringContaining('pod n0-0') as string },
    ]);
  });

  it('wants the image that a rollback leads to', () => {
    expect(nodeHealth(NODES.rolledBack)).toMatchObject({ wanted: FULL_V1, running: FULL_V1 });
  });

  it('is running again once a failed update is withdrawn', () => {
    expect(nodeHealth(WITHDRAWN)).toMatchObject({
      state: 'running',
      step: undefined,
      blockers: [],
    });
  });

  it('is updating from the moment that spec asks for another image', () => {
    const asked = runningNode({
      spec: { image: FULL_V2 },
      status: { plan: plan({ phase: 'Complete' }) },
    });
    expect(nodeHealth(asked).state).toBe('updating');
  });

  it('is updating while only the sidecar image differs', () => {
    const asked = runningNode({ spec: { sidecar: { image: 'seictl:v2' } } });
    expect(nodeHealth(asked).state).toBe('updating');
  });
});

describe('sorting by trouble', () => {
  it('has those first that need a person most', () => {
    const states = byTrouble(Object.values(NODES).toReversed()).map(({ health }) => health.state);
    const expected: readonly NodeState[] = NODE_STATES;
    expect(states).toEqual(expected);
  });

  it('has those first among equals that have waited longest', () => {
    const since = (name: string, at: string) =>
      runningNode({
        metadata: { name },
        status: {
          conditions: [
            { ...condition('Stalled', 'True', 'Unschedulable', 'no room'), lastTransitionTime: at },
          ],
        },
      });
    const sorted = byTrouble([since('b', LATER), since('c', EARLIER), since('a', LATER)]);
    expect(sorted.map(({ node }) => node.metadata.name)).toEqual(['c', 'a', 'b']);
  });

  it('has nodes that run in the order of their names', () => {
    const ready = (name: string, at: string) =>
      runningNode({
        metadata: { name },
        status: {
          conditions: [{ ...condition('Ready', 'True', 'Running', ''), lastTransitionTime: at }],
        },
      });
    const sorted = byTrouble([ready('b', EARLIER), ready('a', LATER)]);
    expect(sorted.map(({ node }) => node.metadata.name)).toEqual(['a', 'b']);
  });
});
