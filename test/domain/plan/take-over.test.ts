import { describe, expect, it } from 'vitest';

import type { Condition, ConditionType } from '../../../domain/node/condition.ts';
import { findCondition, isConditionTrue } from '../../../domain/node/condition.ts';
import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import type { FoundPod } from '../../../domain/plan/take-over.ts';
import { isTakenOver, NO_POD, takenOver } from '../../../domain/plan/take-over.ts';
import type { RunningPod } from '../../../domain/pod/running-pod.ts';
import type { SidecarState } from '../../../domain/sidecar/sidecar-state.ts';
import type { SeiNodeParts } from '../../support/sei-node.ts';
import {
  EARLIER,
  foreignNode,
  NOW,
  plan,
  runningNode,
  seiNode,
  SIDECAR,
  V1,
  V2,
} from '../../support/sei-node.ts';

const target = { image: V1, sidecarImage: SIDECAR, replicas: 1 as const };
const takeOverPlan = plan({
  targetImage: V1,
  tasks: [
    { type: 'apply-statefulset', status: 'Pending' },
    { type: 'take-over', status: 'Pending' },
  ],
});

const { workflowId: _, ...foreignPlan } = plan();

const condition = (type: ConditionType, reason: string): Condition => ({
  type,
  status: 'True',
  reason,
  message: '',
  lastTransitionTime: EARLIER,
});

function podRunning(image: string): RunningPod {
  return { name: 'n0-0', uid: 'pod-uid', ip: '10.0.0.1', image, sidecarImage: SIDECAR };
}

function found(running: RunningPod | undefined, sidecar: SidecarState = 'ready'): FoundPod {
  return running === undefined ? NO_POD : { running, sidecar, isLetThrough: sidecar === 'ready' };
}

function statusAfter(pod: RunningPod | undefined, parts: SeiNodeParts = {}): SeiNodeStatus {
  const { status, ...rest } = parts;
  const node = foreignNode({ ...rest, status: { plan: takeOverPlan, ...status } });
  return takenOver(node, 'plan-1', found(pod), target, NOW);
}

describe('isTakenOver', () => {
  it('holds for a node that this operator has written to', () => {
    expect(isTakenOver(runningNode())).toBe(true);
    expect(isTakenOver(runningNode({ status: { plan: plan() } }))).toBe(true);
  });

  it.each([
    ['that the original ran', foreignNode()],
    ['that the original ran after it was ours', runningNode({ status: { plan: foreignPlan } })],
    ['whose take-over is under way', runningNode({ status: { plan: takeOverPlan } })],
    [
      'whose take-over failed',
      runningNode({ status: { plan: { ...takeOverPlan, phase: 'Failed' } } }),
    ],
  ])('does not hold for a node %s', (_, node) => {
    expect(isTakenOver(node)).toBe(false);
  });

  it('holds once the take-over is complete', () => {
    const complete = { ...takeOverPlan, phase: 'Complete' } as const;
    expect(isTakenOver(runningNode({ status: { plan: complete } }))).toBe(true);
  });
});

describe('takenOver', () => {
  it('says what the pod runs, and completes its plan', () => {
    const status = statusAfter(podRunning(V1));
    expect(status).toMatchObject({
      phase: 'Running',
      currentImage: V1,
      currentSidecarImage: SIDECAR,
      plan: { phase: 'Complete' },
    });
    expect(findCondition(status.conditions, 'PodRunning')).toBeUndefined();
  });

  it('settles an update that was left half done when the pod runs the target', () => {
    const left = [condition('NodeUpdateInProgress', 'UpdateStarted')];
    const status = statusAfter(podRunning(V1), { status: { conditions: left } });
    expect(findCondition(status.conditions, 'NodeUpdateInProgress')).toMatchObject({
      status: 'False',
      reason: 'UpdateComplete',
    });
  });

  it('leaves such an update open, and claims nothing, when the pod runs another image', () => {
    const left = [condition('NodeUpdateInProgress', 'UpdateStarted')];
    const status = statusAfter(podRunning(V2), { status: { conditions: left } });
    expect(status.conditions?.slice(0, 1)).toEqual(left);
    expect(findCondition(status.conditions, 'Ready')).toBeUndefined();
    expect(status.currentImage).toBe(V2);
  });

  it.each(['not-ready', 'unreachable'] as const)(
    'claims neither the end of the update nor Ready while the sidecar is %s',
    (sidecar) => {
      const left = [condition('NodeUpdateInProgress', 'UpdateStarted')];
      const node = foreignNode({ status: { plan: takeOverPlan, conditions: left } });
      const pod = found(podRunning(V1), sidecar);
      const { conditions } = takenOver(node, 'plan-1', pod, target, NOW);
      expect(isConditionTrue(conditions, 'NodeUpdateInProgress')).toBe(true);
      expect(findCondition(conditions, 'PodRunning')).toMatchObject({
        status: 'False',
        reason: 'NotMarkedReady',
      });
      expect(isConditionTrue(conditions, 'SidecarReady')).toBe(false);
    },
  );

  it('takes a node to Running whose status was lost', () => {
    const node = seiNode({ status: { plan: takeOverPlan } });
    expect(takenOver(node, 'plan-1', found(podRunning(V1)), target, NOW)).toMatchObject({
      phase: 'Running',
      phaseTransitionTime: NOW,
    });
  });

  it('drops an image that never ran', () => {
    const status = statusAfter(undefined, { status: { currentImage: V2 } });
    expect(status).not.toHaveProperty('currentImage');
    expect(status).not.toHaveProperty('currentSidecarImage');
    expect(findCondition(status.conditions, 'Ready')).toBeUndefined();
  });

  it('writes no condition False that was not True before, but that of the pause', () => {
    const { conditions = [] } = statusAfter(podRunning(V1));
    expect(conditions.map(({ type }) => type)).toEqual(['Paused', 'SidecarReady']);
  });

  it('ends a stall that an earlier attempt at the take-over recorded', () => {
    const stalled = [condition('Stalled', 'ForeignOwner')];
    const { conditions } = statusAfter(podRunning(V1), { status: { conditions: stalled } });
    expect(isConditionTrue(conditions, 'Stalled')).toBe(false);
  });

  it('writes nothing where another plan is under way by now, or this one has ended', () => {
    const left = [condition('NodeUpdateInProgress', 'UpdateStarted')];
    for (const other of [plan({ id: 'plan-2' }), plan({ id: 'plan-1', phase: 'Complete' })]) {
      const node = foreignNode({ status: { plan: other, conditions: left } });
      expect(takenOver(node, 'plan-1', found(podRunning(V1)), target, NOW)).toEqual(node.status);
    }
  });

  it.each([podRunning(V1), podRunning(V2), undefined])('gives the same status twice: %o', (pod) => {
    const left = [condition('NodeUpdateInProgress', 'UpdateStarted')];
    const once = statusAfter(pod, { status: { conditions: left } });
    expect(takenOver(seiNode({ status: once }), 'plan-1', found(pod), target, NOW)).toEqual(once);
  });
});
