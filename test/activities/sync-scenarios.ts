import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN, runningBed, TO_V1 } from './activity-bed.ts';
import { podsGone } from './pods-gone.ts';
import type { Scenario } from './scenario.ts';
import { situation } from './scenario.ts';

const failure = {
  step: 'apply-statefulset',
  reason: 'ForeignOwner',
  message: 'belongs to x',
} as const;

/** A running node whose sidecar has restarted inside its pod. */
async function lostBed(): Promise<ActivityBed> {
  const bed = await runningBed();
  bed.sidecar.restart(bed.cluster.pods(NODE)[0]?.ip ?? '');
  return bed;
}

const TO_ZERO = { target: { ...TO_V1, replicas: 0 } } as const;

/** A running node that was paused, with no pod asked for any more. */
export async function pausedBed(): Promise<ActivityBed> {
  const bed = await runningBed();
  bed.cluster.editSpec(NODE, { paused: true });
  await bed.run('applyStatefulSet', { ...PLAN, ...TO_ZERO, generation: 2 });
  return bed;
}

/** A node that was paused, and is not to be any more. */
export async function unpausedBed(): Promise<ActivityBed> {
  const bed = await pausedBed();
  bed.cluster.settle();
  await bed.run('finishSync', { ...PLAN, sidecar: undefined });
  bed.cluster.editSpec(NODE, { paused: false });
  return bed;
}

export const syncScenarios: readonly Scenario[] = [
  {
    name: 'begin-sync of a lost sidecar',
    prepare: async () => situation(await lostBed(), 'beginSync', BEGIN),
  },
  {
    name: 'begin-sync of the end of a pause',
    prepare: async () => situation(await unpausedBed(), 'beginSync', BEGIN),
  },
  {
    name: 'finish-sync of a sidecar that has come back',
    prepare: async () => {
      const bed = await lostBed();
      await bed.run('beginSync', BEGIN);
      return situation(bed, 'finishSync', { ...PLAN, sidecar: 'ready' });
    },
  },
  {
    name: 'finish-sync of a pause',
    prepare: async () => {
      const bed = await pausedBed();
      bed.cluster.settle();
      return situation(bed, 'finishSync', { ...PLAN, sidecar: undefined });
    },
  },
  {
    name: 'finish-sync of a pause while the pod is still there',
    prepare: async () =>
      situation(await pausedBed(), 'finishSync', { ...PLAN, sidecar: undefined }),
  },
  {
    name: 'await-pods-gone of a pause',
    prepare: async () => {
      const bed = await pausedBed();
      return { bed, attempt: () => podsGone(bed, 'paused') };
    },
  },
  {
    name: 'apply-statefulset of a pause',
    prepare: async () => {
      const bed = await runningBed();
      bed.cluster.editSpec(NODE, { paused: true });
      return situation(bed, 'applyStatefulSet', { ...PLAN, ...TO_ZERO, generation: 2 });
    },
  },
  {
    name: 'finish-sync of a node that is paused at its birth',
    prepare: async () => {
      const bed = new ActivityBed();
      bed.cluster.createNode(seiNode({ spec: { paused: true } }));
      return situation(bed, 'finishSync', { ...PLAN, sidecar: undefined });
    },
  },
  {
    name: 'fail-sync',
    prepare: async () => situation(await runningBed(), 'failSync', { ...PLAN, failure }),
  },
];
