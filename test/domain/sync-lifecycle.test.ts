import { describe, expect, it } from 'vitest';

import type { Condition, ConditionType } from '../../domain/condition.ts';
import { findCondition } from '../../domain/condition.ts';
import type { SeiNode, SeiNodeStatus } from '../../domain/sei-node.ts';
import type { SidecarState } from '../../domain/sidecar-state.ts';
import {
  failedSync,
  finishedSync,
  pauseConditions,
  sidecarLost,
  terminatingNode,
} from '../../domain/sync-lifecycle.ts';
import type { SeiNodeParts } from '../support/sei-node.ts';
import { EARLIER, LATER, NOW, pod, runningNode, statefulSet } from '../support/sei-node.ts';

type Says = Partial<Record<ConditionType, 'True' | 'False' | 'Unknown'>>;

function conditions(says: Says): readonly Condition[] {
  const common = { reason: 'R', message: '', lastTransitionTime: EARLIER };
  return Object.entries(says).map(([type, status]) => ({ type, status, ...common }));
}

/** Of each condition, its status and reason. */
function said(status: SeiNodeStatus, ...types: readonly ConditionType[]) {
  return Object.fromEntries(
    types.map((type) => {
      const found = findCondition(status.conditions, type);
      return [type, found && `${found.status}/${found.reason}`];
    }),
  );
}

function finished(node: SeiNode, sidecar?: SidecarState, pods = [pod()]): SeiNodeStatus {
  return finishedSync({ node, pods, statefulSet: statefulSet() }, sidecar, NOW);
}

describe('finishedSync', () => {
  it.each<
    [string, SeiNodeParts, SidecarState | undefined, Partial<Record<ConditionType, unknown>>]
  >([
    [
      'a node that has been paused is paused',
      { spec: { paused: true }, status: { conditions: conditions({ Ready: 'True' }) } },
      undefined,
      { Paused: 'True/Paused', Ready: 'False/Paused', SidecarReady: undefined },
    ],
    [
      'a node that has been unpaused runs again',
      { status: { conditions: conditions({ Paused: 'True', Ready: 'False' }) } },
      'ready',
      { Paused: 'False/NotPaused', Ready: 'True/Running', SidecarReady: 'True/Ready' },
    ],
    [
      'a node that never was paused does not say so',
      {},
      'ready',
      { Paused: undefined, Ready: 'True/Running' },
    ],
    [
      'a stall is over',
      { status: { conditions: conditions({ Stalled: 'True', Ready: 'False' }) } },
      undefined,
      { Stalled: 'False/Progressing', Ready: 'True/Running', SidecarReady: undefined },
    ],
    [
      'a node that never stalled does not say so',
      { status: { conditions: conditions({ Ready: 'True' }) } },
      undefined,
      { Stalled: undefined, Ready: 'True/R' },
    ],
    [
      'a sidecar that cannot be reached takes nothing from a node that runs',
      { status: { conditions: conditions({ Ready: 'True', SidecarReady: 'True' }) } },
      'unreachable',
      { SidecarReady: 'Unknown/Unreachable', Ready: 'True/R' },
    ],
    [
      'a sidecar that has come back is ready',
      { status: { conditions: conditions({ Ready: 'True', SidecarReady: 'False' }) } },
      'ready',
      { SidecarReady: 'True/Ready', Ready: 'True/Running' },
    ],
    [
      'a paused node that has not come up yet is paused and not Ready',
      { spec: { paused: true }, status: { phase: 'Pending' } },
      undefined,
      { Paused: 'True/Paused', Ready: 'False/Paused' },
    ],
    [
      'a node that has not come up yet is not called Ready',
      { status: { phase: 'Initializing' } },
      undefined,
      { Ready: undefined },
    ],
  ])('%s', (_, parts, sidecar, expected) => {
    const status = finished(runningNode(parts), sidecar);
    expect(said(status, ...(Object.keys(expected) as ConditionType[]))).toEqual(expected);
  });

  it('says that the pod is behind a template that was changed without a roll', () => {
    const status = finished(runningNode(), 'ready', [pod({ revision: 'n0-older' })]);
    expect(said(status, 'PodCurrent')).toEqual({ PodCurrent: 'False/TemplateChanged' });
  });

  it('changes neither phase nor images nor plan', () => {
    const { conditions: _written, ...after } = finished(runningNode(), 'ready');
    expect(after).toEqual(runningNode().status);
  });

  it('changes nothing the second time', () => {
    const paused = runningNode({ spec: { paused: true } });
    const once = finished(paused);
    const again = finishedSync(
      { node: { ...paused, status: once }, pods: [pod()], statefulSet: statefulSet() },
      undefined,
      LATER,
    );
    expect(again).toEqual(once);
  });
});

describe('pauseConditions', () => {
  it('are those of spec, whatever the phase says', () => {
    expect(pauseConditions(runningNode({ spec: { paused: true } }))).toMatchObject([
      { type: 'Paused', status: 'True', reason: 'Paused' },
    ]);
    expect(pauseConditions(runningNode())).toEqual([]);
  });
});

describe('sidecarLost', () => {
  it('says that the sidecar is not ready, and nothing else', () => {
    const before = conditions({ Ready: 'True', SidecarReady: 'True' });
    const status = sidecarLost(runningNode({ status: { conditions: before } }), NOW);
    expect(said(status, 'Ready', 'SidecarReady')).toEqual({
      Ready: 'True/R',
      SidecarReady: 'False/NotReady',
    });
  });
});

describe('failedSync', () => {
  it('says what holds the node back, where people look first', () => {
    const failure = { step: 'apply-statefulset', reason: 'ForeignOwner', message: 'belongs to x' };
    const status = failedSync(runningNode(), failure, NOW);
    expect(said(status, 'Stalled', 'Ready')).toEqual({
      Stalled: 'True/ForeignOwner',
      Ready: 'False/ForeignOwner',
    });
    expect(findCondition(status.conditions, 'Stalled')?.message).toBe(
      'apply-statefulset: belongs to x',
    );
  });
});

describe('terminatingNode', () => {
  it('is in phase Terminating, since now, and not Ready', () => {
    const status = terminatingNode(runningNode(), NOW);
    expect(status).toMatchObject({ phase: 'Terminating', phaseTransitionTime: NOW });
    expect(said(status, 'Ready')).toEqual({ Ready: 'False/Terminating' });
  });

  it('changes nothing the second time', () => {
    const once = terminatingNode(runningNode(), NOW);
    expect(terminatingNode({ ...runningNode(), status: once }, LATER)).toBe(once);
  });
});
