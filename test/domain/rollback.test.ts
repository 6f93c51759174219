import { describe, expect, it } from 'vitest';

import { rollbackDecision, rolledBackNode, withoutEndedRollback } from '../../domain/rollback.ts';
import type { HistoryEntry, Rollback, SeiNodeStatus } from '../../domain/sei-node.ts';
import { targetFor } from '../../domain/target.ts';
import { DEFAULT_SIDECAR, EARLIER, NOW, plan, runningNode, V1, V2 } from '../support/sei-node.ts';

const V0 = 'sei:v0';
const command = { kind: 'rollback', reason: 'it forks', actor: 'kim' } as const;
const rollback: Rollback = { rejectedImage: V2, image: V1, generation: 4 };

function entry(from: string, to: string, outcome: HistoryEntry['outcome']): HistoryEntry {
  return { from, to, outcome, startedAt: EARLIER, endedAt: EARLIER, actor: 'spec' };
}

/** A node whose spec asks for V2. */
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
