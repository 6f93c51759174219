import { describe, expect, it } from 'vitest';

import type { Condition, ConditionType } from '../../../domain/node/condition.ts';
import { findCondition } from '../../../domain/node/condition.ts';
import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { withReady } from '../../../domain/status/readiness.ts';
import { NOW, runningNode } from '../../support/sei-node.ts';

const HOLD = { actor: 'eve', reason: 'maintenance', since: NOW };

function paused(status: Condition['status'], reason: string): Condition {
  const lastTransitionTime = NOW;
  return { type: 'Paused', status, reason, message: '', observedGeneration: 1, lastTransitionTime };
}

function node(isPaused: boolean, status: SeiNodeStatus): SeiNode {
  return runningNode({ spec: { paused: isPaused }, status });
}

/** Returns conditions Paused and Ready after any write of status. */
function said(before: SeiNode): readonly [string | undefined, string | undefined] {
  const { conditions } = withReady(before, before.status ?? {}, NOW);
  const of = (type: ConditionType) => {
    const condition = findCondition(conditions, type);
    return condition && `${condition.status}/${condition.reason}`;
  };
  return [of('Paused'), of('Ready')];
}

describe('any write of status', () => {
  it.each([
    ['True', 'Paused', 'False/PodMissing'],
    ['False', 'ScalingDown', 'True/Running'],
    ['False', 'Held', 'True/Running'],
  ] as const)('takes Paused=%s/%s back of a node that is not to be paused', (...row) => {
    const [status, reason, ready] = row;
    const unpaused = node(false, { conditions: [paused(status, reason)] });
    expect(said(unpaused)).toEqual(['False/NotPaused', ready]);
  });

  it('leaves what is said of the pod of a node that was paused, where that is not there', () => {
    const known: Condition = { ...paused('False', 'PodFailed'), type: 'PodRunning' };
    const unpaused = node(false, { conditions: [paused('True', 'Paused'), known] });
    expect(said(unpaused)).toEqual(['False/NotPaused', 'False/PodFailed']);
  });

  it('says nothing of a pause where none ever was', () => {
    expect(said(node(false, {}))).toEqual([undefined, 'True/Running']);
  });

  it('says of a paused node that is held that it keeps its pod', () => {
    expect(said(node(true, { hold: HOLD }))).toEqual(['False/Held', 'False/Held']);
    const before = node(true, { hold: HOLD, conditions: [paused('False', 'NotPaused')] });
    expect(said(before)).toEqual(['False/Held', 'False/Held']);
  });

  it('leaves a node that was paused before it was held what it is', () => {
    const before = node(true, { hold: HOLD, conditions: [paused('True', 'Paused')] });
    expect(said(before)).toEqual(['True/Paused', 'False/Paused']);
  });

  it('leaves it to the work on a paused node to say that it is paused', () => {
    const before = node(true, { conditions: [paused('False', 'NotPaused')] });
    expect(said(before)[0]).toBe('False/NotPaused');
  });

  it('promises a node whose bring-up was given up no pause', () => {
    expect(said(node(true, { hold: HOLD, phase: 'Failed' }))[0]).toBeUndefined();
  });
});
