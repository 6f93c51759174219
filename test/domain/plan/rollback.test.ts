import { describe, expect, it } from 'vitest';

import type {
  HistoryEntry,
  Rollback,
  SeiNodeStatus,
} from '../../../domain/node/sei-node-status.ts';
import { targetFor } from '../../../domain/node/target.ts';
import {
  autoRollbackDecision,
  rollbackDecision,
  rolledBackNode,
  unrejectedNode,
  withoutEndedRollback,
} from '../../../domain/plan/rollback.ts';
import { startedUpdate } from '../../../domain/work/update-lifecycle.ts';
import {
  DEFAULT_SIDECAR,
  EARLIER,
  NOW,
  plan,
  runningNode,
  V1,
  V2,
} from '../../support/sei-node.ts';

const V0 = 'sei:v0';
const MARK_READY = { type: 'mark-ready', status: 'Pending' } as const;
const command = { kind: 'rollback', reason: 'it forks', actor: 'kim' } as const;
const rollback: Rollback = { rejectedImage: V2, image: V1, generation: 4 };

function entry(from: string, to: string, outcome: HistoryEntry['outcome']): HistoryEntry {
  return { from, to, outcome, startedAt: EARLIER, endedAt: EARLIER, actor: 'spec' };
}

/** Returns a node whose spec asks for V2. */
function askingForV2(status: SeiNodeStatus) {
  const { currentImage: _none, ...running } = runningNode().status ?? {};
  const node = runningNode({ spec: { image: V2 }, metadata: { generation: 4 } });
  return { ...node, status: { ...running, ...status } };
}

describe('rollbackDecision, where spec asks for v2', () => {
  it.each<[string, SeiNodeStatus, string]>([
    ['v1 still runs', { currentImage: V1 }, V1],
    [
      'v1 still runs, whatever ran before',
      { currentImage: V1, history: [entry(V0, V2, 'Complete')] },
      V1,
    ],
    ['v2 runs and its update has not ended', { currentImage: V2, plan: plan() }, V1],
    ['v2 runs and was updated to', { currentImage: V2, history: [entry(V1, V2, 'Complete')] }, V1],
    [
      'v2 was updated to more than once: the newest counts',
      { currentImage: V2, history: [entry(V1, V2, 'Complete'), entry(V0, V2, 'Complete')] },
      V1,
    ],
    [
      'v2 was updated to after attempts that failed',
      { currentImage: V2, history: [entry(V0, V2, 'Failed'), entry(V1, V2, 'Complete')] },
      V1,
    ],
    [
      'another image had been rolled back before',
      { currentImage: V1, rollback: { ...rollback, rejectedImage: 'sei:v3' } },
      V1,
    ],
  ])('leads back to the image before: %s', (_, status, image) => {
    expect(rollbackDecision(askingForV2(status))).toEqual({
      kind: 'roll-back',
      rollback: { rejectedImage: V2, image, generation: 4 },
    });
  });

  it('finds done what was rolled back already', () => {
    const node = askingForV2({ currentImage: V1, rollback });
    expect(rollbackDecision(node)).toEqual({ kind: 'rolled-back-already', rollback });
  });

  it.each<[string, SeiNodeStatus]>([
    ['v2 is the first image of the node', { currentImage: V2 }],
    ['nothing has run yet', {}],
    ['nothing ran before v2', { currentImage: V2, history: [entry('', V2, 'Complete')] }],
    ['v2 never completed', { currentImage: V2, history: [entry(V1, V2, 'Superseded')] }],
    ['only other updates are known', { currentImage: V2, history: [entry(V0, V1, 'Complete')] }],
  ])('is refused with a sentence that says what to do: %s', (_, status) => {
    expect(rollbackDecision(askingForV2(status))).toEqual({
      kind: 'refuse',
      why: 'no image is recorded that ran before sei:v2; set spec.image of SeiNode n0 instead',
    });
  });
});

describe('autoRollbackDecision, where spec asks for v2', () => {
  const V3 = 'sei:v3';
  const late = (status: SeiNodeStatus, previousImage: string | undefined = V1, targetImage = V2) =>
    autoRollbackDecision(
      askingForV2({ plan: plan({ previousImage, targetImage }), ...status }),
      plan().id ?? '',
    );

  it.each<[string, SeiNodeStatus, string, string]>([
    ['to the image of the bring-up, of which no update tells', {}, V1, V1],
    ['to what an update completed', { history: [entry(V0, V1, 'Complete')] }, V1, V1],
    [
      'past an image that was withdrawn, though its pod was seen to run',
      { currentImage: V3, history: [entry(V1, V3, 'Superseded'), entry(V0, V1, 'Complete')] },
      V3,
      V1,
    ],
    [
      'past images of which each failed',
      { history: [entry(V3, 'sei:v4', 'Failed'), entry(V1, V3, 'Superseded')] },
      'sei:v4',
      V1,
    ],
    [
      'to what has completed once, whatever was tried of it since',
      { history: [entry(V3, V1, 'Failed'), entry(V0, V1, 'Complete')] },
      V1,
      V1,
    ],
  ])('goes back %s', (_, status, previous, image) => {
    expect(late(status, previous)).toEqual({
      kind: 'roll-back',
      rollback: { rejectedImage: V2, image, generation: 4 },
    });
  });

  it('goes back past an update that another run was at, and that did not complete', () => {
    const bad = plan({ id: 'plan-1', targetImage: V3, previousImage: V1 });
    const node = askingForV2({ currentImage: V3, plan: bad });
    const target = { image: V2, sidecarImage: DEFAULT_SIDECAR, replicas: 1 } as const;
    const next = { planId: 'plan-2', workflowId: 'run', target, cause: 'spec' };
    const status = startedUpdate(node, next, NOW);
    expect(autoRollbackDecision({ ...node, status }, 'plan-2')).toMatchObject({
      kind: 'roll-back',
      rollback: { rejectedImage: V2, image: V1 },
    });
  });

  it.each<[string, ReturnType<typeof late>, RegExp]>([
    [
      'the sidecar alone has changed',
      late({ currentImage: V2, history: [entry(V1, V2, 'Complete')] }, V2),
      /image of seid is not what this update changes/,
    ],
    [
      'the user came back to v2 from an image that was withdrawn',
      late(
        { currentImage: V3, history: [entry(V2, V3, 'Superseded'), entry(V1, V2, 'Complete')] },
        V3,
      ),
      /no other image is known to have worked/,
    ],
    ['it is the rollback itself', late({ rollback }, V2, V1), /rollback from sei:v2 already/],
    ['nothing ran before', late({}, ''), /no other image/],
    ['the update is complete', late({ plan: plan({ phase: 'Complete' }) }), /not under way/],
    ['another plan is under way', late({ plan: plan({ id: 'other' }) }), /not under way/],
    [
      'somebody holds the node',
      late({ hold: { reason: 'r', actor: 'kim', since: NOW } }),
      /held by kim/,
    ],
    ['spec has another image by now', late({}, V1, V3), /spec.image is sei:v2 by now/],
  ])('goes back to nothing, and says why, where %s', (_, decision, why) => {
    expect(decision).toEqual({ kind: 'refuse', why: expect.stringMatching(why) as string });
  });
});

describe('rollbackDecision, where the sidecar alone is changed', () => {
  it('refuses to take an image from seid that is not to blame', () => {
    const plan1 = plan({ targetImage: V2, previousImage: V2 });
    const history = [entry(V1, V2, 'Complete')];
    expect(rollbackDecision(askingForV2({ currentImage: V2, plan: plan1, history }))).toEqual({
      kind: 'refuse',
      why: expect.stringContaining('set spec.sidecar.image') as string,
    });
  });

  it.each([
    ['has ended', { phase: 'Complete' }],
    ['is none, but a sidecar that is marked ready again', { tasks: [MARK_READY] }],
  ] as const)('goes back as ever where that update %s', (_, parts) => {
    const ended = plan({ targetImage: V2, previousImage: V2, ...parts });
    const history = [entry(V1, V2, 'Complete')];
    const decision = rollbackDecision(askingForV2({ currentImage: V2, plan: ended, history }));
    expect(decision).toMatchObject({ kind: 'roll-back', rollback: { image: V1 } });
  });
});

describe('unrejectedNode', () => {
  it('ends the rollback, and records who asked for it', () => {
    const node = askingForV2({ currentImage: V1, rollback });
    const status = unrejectedNode(node, { ...command, kind: 'retry' }, NOW);
    expect(targetFor({ ...node, ...(status && { status }) }, DEFAULT_SIDECAR).image).toBe(V2);
    expect(status?.history?.[0]).toMatchObject({
      from: V1,
      to: V2,
      outcome: 'Retried',
      actor: 'kim',
    });
  });

  it('is nothing where no rollback stands', () => {
    expect(unrejectedNode(askingForV2({ currentImage: V1 }), command, NOW)).toBeUndefined();
  });
});

describe('rolledBackNode', () => {
  it('turns the target, and records who asked for it and why', () => {
    const node = askingForV2({ currentImage: V2 });
    const status = rolledBackNode(node, rollback, command, NOW);
    expect(targetFor({ ...node, status }, DEFAULT_SIDECAR).image).toBe(V1);
    expect(status.history).toEqual([
      {
        from: V2,
        to: V1,
        outcome: 'RolledBack',
        startedAt: NOW,
        endedAt: NOW,
        actor: 'kim',
        reason: 'it forks',
      },
    ]);
  });
});

describe('withoutEndedRollback', () => {
  const rolledBack = askingForV2({ currentImage: V1, rollback });

  it('keeps the rollback while spec asks for the rejected image', () => {
    expect(withoutEndedRollback(rolledBack)).toEqual(rolledBack.status);
  });

  it.each([V1, 'sei:v3'])('ends it once spec asks for %s', (image) => {
    const node = { ...rolledBack, spec: { ...rolledBack.spec, image } };
    const { rollback: _ended, ...rest } = rolledBack.status;
    expect(withoutEndedRollback(node)).toEqual(rest);
  });

  it('forgives the rejected image for good then', () => {
    const fixed = { ...rolledBack, spec: { ...rolledBack.spec, image: 'sei:v3' } };
    const status = withoutEndedRollback(fixed);
    expect(targetFor({ ...rolledBack, status }, DEFAULT_SIDECAR).image).toBe(V2);
  });
});
