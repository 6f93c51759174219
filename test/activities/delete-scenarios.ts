import { FINALIZER } from '../../domain/node/sei-node.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { BEGIN, PLAN, runningBed } from './activity-bed.ts';
import { podsGone } from './pods-gone.ts';
import type { Scenario } from './scenario.ts';
import { situation } from './scenario.ts';

/** A running node that somebody has deleted. */
export async function deletedBed(): Promise<ActivityBed> {
  const bed = await runningBed();
  bed.cluster.deleteNode(NODE);
  return bed;
}

/** A deleted node of which no pod is left. */
export async function endedBed(): Promise<ActivityBed> {
  const bed = await deletedBed();
  await bed.run('deleteStatefulSet', PLAN);
  bed.cluster.settle();
  bed.cluster.requests.clear();
  return bed;
}

/** All steps of `nodeDelete`, in the workflow's order. */
export async function takeDown(bed: ActivityBed): Promise<void> {
  const begun = await bed.run('beginDelete', BEGIN);
  if (begun.kind !== 'begun') return;
  await bed.run('deleteStatefulSet', PLAN);
  bed.cluster.collectGarbage();
  bed.cluster.kubelet.endPods();
  await bed.run('awaitPodsGone', { ...PLAN, because: 'deleted', known: undefined });
  await bed.run('deleteDataPvc', PLAN);
  await bed.run('removeFinalizer', PLAN);
}

/** A deleted node whose StatefulSet somebody has deleted before, without its pod. */
export async function orphanedBed(): Promise<ActivityBed> {
  const bed = await runningBed();
  bed.cluster.orphanPod({ namespace: NODE.namespace, name: 'n0-0' });
  bed.cluster.deleteStatefulSet(NODE);
  bed.cluster.deleteNode(NODE);
  return bed;
}

export const deleteScenarios: readonly Scenario[] = [
  {
    name: 'begin-delete',
    prepare: async () => situation(await deletedBed(), 'beginDelete', BEGIN),
  },
  ...(['deleteStatefulSet', 'deleteDataPvc'] as const).map((name) => ({
    name,
    prepare: async () => situation(await deletedBed(), name, PLAN),
  })),
  {
    name: 'removeFinalizer',
    prepare: async () => situation(await endedBed(), 'removeFinalizer', PLAN),
  },
  {
    name: 'await-pods-gone of a pod that was left behind',
    prepare: async () => {
      const bed = await orphanedBed();
      return { bed, attempt: () => podsGone(bed, 'deleted') };
    },
  },
  {
    name: 'the whole of a deletion with --cascade=orphan',
    prepare: async () => {
      const bed = await deletedBed();
      bed.cluster.setFinalizers(NODE, [FINALIZER, 'orphan']);
      return { bed, attempt: () => takeDown(bed) };
    },
  },
  {
    name: 'the whole of a deletion',
    prepare: async () => {
      const bed = await deletedBed();
      const attempt = async () => {
        await takeDown(bed);
        bed.cluster.settle();
      };
      return { bed, attempt };
    },
  },
];
