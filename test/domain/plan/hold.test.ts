import { describe, expect, it } from 'vitest';

import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { heldNode, resumedNode } from '../../../domain/plan/hold.ts';
import { EARLIER, LATER, NOW, plan, runningNode, V1, V2 } from '../../support/sei-node.ts';

const pause = { kind: 'pause', reason: 'chain halt', actor: 'kim' } as const;
const resume = { kind: 'resume', reason: 'halt is over', actor: 'lee' } as const;

const updating = runningNode({ spec: { image: V2 }, status: { plan: plan() } });
const held: SeiNode = { ...updating, status: heldNode(updating, pause, NOW) };

describe('heldNode', () => {
  it('says who holds the node, why and since when, and keeps all else', () => {
    expect(held.status).toMatchObject({
      ...updating.status,
      hold: { reason: 'chain halt', actor: 'kim', since: NOW },
    });
  });

  it('is recorded in the history', () => {
    expect(held.status?.history).toEqual([
      {
        from: V1,
        to: V2,
        outcome: 'Held',
        startedAt: NOW,
        endedAt: NOW,
        actor: 'kim',
        reason: 'chain halt',
      },
    ]);
  });

  it('keeps the first hold of a node that is held already', () => {
    expect(heldNode(held, { ...pause, actor: 'lee' }, LATER)).toEqual(held.status);
  });

  it('holds a node that nothing is known of yet', () => {
    const { status: _none, ...fresh } = runningNode();
    expect(heldNode(fresh, pause, NOW).hold?.actor).toBe('kim');
  });
});

describe('resumedNode', () => {
  const resumed = resumedNode(held, resume, LATER);

  it('lifts the hold, and records who did', () => {
    expect(resumed).not.toHaveProperty('hold');
    expect(resumed.history?.map(({ outcome, actor }) => [outcome, actor])).toEqual([
      ['Resumed', 'lee'],
      ['Held', 'kim'],
    ]);
  });

  it('starts the progress deadline of the held update over', () => {
    expect(resumed.plan).toEqual({ ...plan(), startedAt: LATER });
  });

  it.each(['Complete', 'Failed'] as const)('leaves a plan alone that is %s', (phase) => {
    const ended = plan({ phase });
    const node = { ...held, status: { ...held.status, plan: ended } };
    expect(resumedNode(node, resume, LATER).plan).toEqual({ ...ended, startedAt: EARLIER });
  });

  it('changes nothing about a node that is not held', () => {
    expect(resumedNode(updating, resume, LATER)).toEqual(updating.status);
  });
});
