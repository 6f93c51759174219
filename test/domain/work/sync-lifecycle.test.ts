import { describe, expect, it } from 'vitest';

import type { Condition, ConditionType } from '../../../domain/node/condition.ts';
import { findCondition } from '../../../domain/node/condition.ts';
import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import { configRecord } from '../../../domain/sidecar/config-status.ts';
import type { SidecarState } from '../../../domain/sidecar/sidecar-state.ts';
import { withReady } from '../../../domain/status/readiness.ts';
import { notPausedConditions, pauseConditions } from '../../../domain/status/status-conditions.ts';
import {
  begunSync,
  failedSync,
  finishedSync,
  nodeWithPodsLeft,
  terminatingNode,
} from '../../../domain/work/sync-lifecycle.ts';
import type { SeiNodeParts } from '../../support/sei-node.ts';
import {
  EARLIER,
  LATER,
  NOW,
  plan,
  pod,
  runningNode,
  statefulSet,
  V1,
  V2,
  waiting,
} from '../../support/sei-node.ts';

type Says = Partial<Record<ConditionType, 'True' | 'False' | 'Unknown'>>;

function conditions(says: Says): readonly Condition[] {
  const common = { reason: 'R', message: '', lastTransitionTime: EARLIER };
  return Object.entries(says).map(([type, status]) => ({ type, status, ...common }));
}

/** Returns the status and reason of each condition. */
function said(status: SeiNodeStatus, ...types: readonly ConditionType[]) {
  return Object.fromEntries(
    types.map((type) => {
      const found = findCondition(status.conditions, type);
      return [type, found && `${found.status}/${found.reason}`];
    }),
  );
}

/** Returns the status as the operator writes it, with condition Ready. */
function finished(node: SeiNode, sidecar?: SidecarState, pods = [pod()]): SeiNodeStatus {
  const around = { pods, statefulSet: statefulSet(), left: [] };
  const status = finishedSync({ node, ...around }, sidecar, NOW);
  return withReady(node, status, NOW);
}

describe('finishedSync', () => {
  it('reports of a Failed node only what the failure has reported', () => {
    const hold = { reason: 'r', actor: 'a', since: EARLIER };
    const status = { phase: 'Failed', conditions: conditions({ Ready: 'False' }) } as const;
    for (const parts of [{ spec: { paused: true }, status }, { status: { ...status, hold } }]) {
      const node = runningNode(parts);
      expect(finished(node, undefined, [])).toEqual(node.status);
    }
  });

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
      'a node that never was paused says so',
      {},
      'ready',
      { Paused: 'False/NotPaused', Ready: 'True/Running' },
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
      { Stalled: undefined, Ready: 'True/Running' },
    ],
    [
      'a sidecar that cannot be reached takes nothing from a node that runs',
      { status: { conditions: conditions({ Ready: 'True', SidecarReady: 'True' }) } },
      'unreachable',
      { SidecarReady: 'Unknown/Unreachable', Ready: 'True/Running' },
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
      { Ready: 'False/Initializing' },
    ],
    [
      'a failed update whose image nobody asks for any more is withdrawn',
      {
        status: {
          conditions: [
            {
              ...conditions({ NodeUpdateInProgress: 'False' })[0],
              reason: 'UpdateFailed',
            } as Condition,
          ],
        },
      },
      'ready',
      { NodeUpdateInProgress: 'False/UpdateWithdrawn', Ready: 'True/Running' },
    ],
    [
      'a pod that is up again serves once its sidecar is ready',
      { status: { conditions: conditions({ PodRunning: 'False' }) } },
      'ready',
      { PodRunning: 'True/Running', Ready: 'True/Running' },
    ],
    [
      'a pod that is up again and not let through does not serve',
      { status: { conditions: conditions({ PodRunning: 'False' }) } },
      'unreachable',
      { PodRunning: 'False/R', Ready: 'False/R' },
    ],
  ])('%s', (_, parts, sidecar, expected) => {
    const status = finished(runningNode(parts), sidecar);
    expect(said(status, ...(Object.keys(expected) as ConditionType[]))).toEqual(expected);
  });

  it('says that the pod is behind a template that was changed without a roll', () => {
    const status = finished(runningNode(), 'ready', [pod({ revision: 'n0-older' })]);
    expect(said(status, 'PodCurrent')).toEqual({ PodCurrent: 'False/TemplateChanged' });
  });

  it('changes neither phase nor images nor plan, and names the pod', () => {
    const {
      conditions: _written,
      pod: observed,
      config,
      ...after
    } = finished(runningNode(), 'ready');
    expect(after).toEqual(runningNode().status);
    // For a node without a record, the present spec counts as in force.
    expect(config).toEqual(configRecord(runningNode()));
    expect(observed).toMatchObject({ name: 'n0-0', uid: 'pod-of-sei:v1' });
  });

  it.each([
    ['no pod', [], 'False/PodMissing'],
    ['a pod that goes', [pod({ deletionTimestamp: EARLIER })], 'False/PodTerminating'],
    ['an evicted pod', [pod({ phase: 'Failed', reason: 'Evicted' })], 'False/PodFailed'],
    [
      'a pod that finds no machine',
      [
        pod({
          unschedulable: { message: 'no machine', since: NOW },
          containers: { [SEID_CONTAINER]: waiting('') },
        }),
      ],
      'False/Unschedulable',
    ],
    [
      'a seid that crashes',
      [
        pod({
          containers: { [SEID_CONTAINER]: { ...waiting('CrashLoopBackOff'), hasStarted: true } },
        }),
      ],
      'False/CrashLoopBackOff',
    ],
    ['a machine that does not answer', [pod({ ready: false })], 'False/PodNotReady'],
  ])('%s makes the node not Ready, for the reason of the pod', (_, pods, expected) => {
    const status = finished(runningNode(), undefined, pods);
    expect(said(status, 'Ready')).toEqual({ Ready: expected });
  });

  it('clears the stall of the pod under a hold, and ends the plan to mark it ready', () => {
    const reapproval = plan({ tasks: [{ type: 'mark-ready', status: 'Pending' }] });
    const stalled = (reason: string) =>
      runningNode({
        status: {
          hold: { reason: 'r', actor: 'a', since: EARLIER },
          plan: reapproval,
          conditions: [{ ...conditions({ Stalled: 'True' })[0], reason } as Condition],
        },
      });
    const served = finished(stalled('ProgressDeadlineExceeded'), 'ready');
    expect(said(served, 'Stalled', 'Ready')).toEqual({
      Stalled: 'False/Progressing',
      Ready: 'True/Running',
    });
    expect(served.plan?.phase).toBe('Complete');
    const refused = finished(stalled('Refused'), 'ready');
    expect(said(refused, 'Stalled')).toEqual({ Stalled: 'True/Refused' });
  });

  it.each([
    ['is still wanted by a paused node', { spec: { paused: true, image: V2 } }, V2],
    ['has started, and did not complete', {}, V1],
  ])('does not call an update withdrawn whose image %s', (_, parts, targetImage) => {
    const failed = { ...conditions({ NodeUpdateInProgress: 'False' })[0], reason: 'UpdateFailed' };
    const status = {
      conditions: [failed as Condition],
      plan: plan({ phase: 'Failed', targetImage }),
    };
    expect(said(finished(runningNode({ ...parts, status })), 'NodeUpdateInProgress')).toEqual({
      NodeUpdateInProgress: 'False/UpdateFailed',
    });
  });

  it('says under a hold what it sees, and nothing of what was not applied', () => {
    const hold = { reason: 'exchange maintenance', actor: 'eve', since: EARLIER };
    const node = runningNode({ spec: { paused: true }, status: { hold } });
    expect(said(finished(node, 'ready'), 'Paused', 'Ready')).toEqual({
      Paused: 'False/Held',
      Ready: 'False/Held',
    });
  });

  it('says which fields of the spec are not in force', () => {
    const config = configRecord(runningNode());
    const node = runningNode({ spec: { overrides: { a: '2' } }, status: { config } });
    const status = finished(node, 'ready');
    expect(said(status, 'ConfigCurrent', 'Ready')).toEqual({
      ConfigCurrent: 'False/SpecNotInForce',
      Ready: 'True/Running',
    });
    expect(findCondition(status.conditions, 'ConfigCurrent')?.message).toMatch('spec.overrides');
  });

  it('changes nothing the second time', () => {
    const paused = runningNode({ spec: { paused: true } });
    const once = finished(paused);
    const again = finishedSync(
      { node: { ...paused, status: once }, pods: [], statefulSet: statefulSet(), left: [] },
      undefined,
      LATER,
    );
    expect(again).toEqual(once);
  });
});

describe('pauseConditions', () => {
  const paused = runningNode({ spec: { paused: true } });

  it('are those of spec, whatever the phase says', () => {
    expect(pauseConditions(paused, [])).toMatchObject([
      { type: 'Paused', status: 'True', reason: 'Paused' },
    ]);
    expect(pauseConditions(runningNode(), [])).toMatchObject([{ type: 'Paused', status: 'False' }]);
  });

  it('say of a paused node which pod of it is still there, where, and since when it is to stop', () => {
    const leaving = pod({ deletionTimestamp: NOW, deletionGraceSeconds: 120 });
    expect(pauseConditions(paused, [{ kind: 'owned', pod: leaving }])).toEqual([
      {
        type: 'Paused',
        status: 'False',
        reason: 'ScalingDown',
        message:
          'waits for pod n0-0 on machine machine-0, terminating since 2026-01-01T11:58:00Z: spec.paused is true',
      },
    ]);
  });

  it('are not those of work that looks at no pod', () => {
    expect(notPausedConditions(paused)).toEqual([]);
    expect(notPausedConditions(runningNode())).toMatchObject([{ status: 'False' }]);
  });

  it('make the node not ready while it scales down', () => {
    const status = finishedSync(
      { node: paused, pods: [], statefulSet: statefulSet(), left: [{ kind: 'owned', pod: pod() }] },
      undefined,
      NOW,
    );
    expect(said(withReady(paused, status, NOW), 'Paused', 'Ready')).toEqual({
      Paused: 'False/ScalingDown',
      Ready: 'False/ScalingDown',
    });
  });
});

describe('a deleted node', () => {
  const deleted = runningNode({
    metadata: { deletionTimestamp: EARLIER },
    status: { conditions: conditions({ Stalled: 'True' }) },
  });

  it('ends the stall of its work', () => {
    const status = withReady(deleted, terminatingNode(deleted, NOW), NOW);
    expect(status.phase).toBe('Terminating');
    expect(said(status, 'Stalled', 'Ready')).toEqual({
      Stalled: 'False/Progressing',
      Ready: 'False/Terminating',
    });
  });

  it('says which pod of it is still there', () => {
    const status = nodeWithPodsLeft(deleted, 'deleted', [{ kind: 'owned', pod: pod() }], NOW);
    expect(findCondition(withReady(deleted, status, NOW).conditions, 'Ready')).toMatchObject({
      reason: 'Terminating',
      message:
        'waits for pod n0-0 on machine machine-0, which has not been asked to stop yet: the node is deleted',
    });
  });
});

describe('begunSync', () => {
  const observe = (node: SeiNode, pods = [pod()]): SeiNodeStatus => {
    const seen = {
      node,
      pods,
      statefulSet: statefulSet(),
      owned: [],
      sidecar: 'not-ready',
    } as const;
    return withReady(node, begunSync(seen, NOW), NOW);
  };

  it('says of a sidecar that restarted beside a running seid that it is not ready', () => {
    const observed = { name: 'n0-0', uid: pod().uid, image: V1 };
    const status = observe(runningNode({ status: { pod: observed } }));
    expect(said(status, 'Ready', 'SidecarReady')).toEqual({
      Ready: 'True/Running',
      SidecarReady: 'False/NotReady',
    });
  });

  it('does not call a node Ready whose next pod waits for its sidecar', () => {
    const observed = { name: 'n0-0', uid: 'the pod before', image: V1 };
    const status = observe(runningNode({ status: { pod: observed } }));
    expect(said(status, 'Ready')).toEqual({ Ready: 'False/NotMarkedReady' });
  });

  it('says at once that the pod was lost', () => {
    const node = runningNode({ status: { conditions: conditions({ SidecarReady: 'True' }) } });
    expect(said(observe(node, []), 'Ready', 'SidecarReady')).toEqual({
      Ready: 'False/PodMissing',
      SidecarReady: 'Unknown/PodNotRunning',
    });
  });
});

describe('failedSync', () => {
  it('says what stalls the node, where people look first', () => {
    const failure = {
      step: 'apply-statefulset',
      reason: 'ForeignOwner',
      message: 'belongs to x',
    } as const;
    const status = withReady(runningNode(), failedSync(runningNode(), failure, NOW), NOW);
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
    const deleted = runningNode({ metadata: { deletionTimestamp: NOW } });
    expect(said(withReady(deleted, status, NOW), 'Ready')).toEqual({ Ready: 'False/Terminating' });
  });

  it('changes nothing the second time', () => {
    const once = terminatingNode(runningNode(), NOW);
    expect(terminatingNode({ ...runningNode(), status: once }, LATER)).toBe(once);
  });
});
