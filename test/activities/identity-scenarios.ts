import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { appliedInPasses, initBed, PLAN, TO_V1, TO_V2, updatingBed } from './activity-bed.ts';
import {
  leftoverStatefulSet,
  renderedStatefulSet,
  replaceByImpostor,
} from './rendered-stateful-set.ts';
import type { Scenario, Situation } from './scenario.ts';

function inPasses(bed: ActivityBed, target: typeof TO_V1): Situation {
  const { generation } = bed.node.metadata;
  return { bed, attempt: () => appliedInPasses(bed, { ...PLAN, target, generation }) };
}

/** `apply-statefulset`, in all its passes, wherever the StatefulSet is not simply the tracked one. */
export const identityScenarios: readonly Scenario[] = [
  {
    name: 'create',
    prepare: async () => inPasses(await initBed(), TO_V1),
  },
  {
    name: 'recreate',
    prepare: async () => {
      const bed = await updatingBed();
      bed.cluster.deleteStatefulSet(NODE);
      return inPasses(bed, TO_V2);
    },
  },
  {
    name: 'adopt',
    prepare: async () => {
      const bed = await initBed();
      bed.cluster.createStatefulSet(
        renderedStatefulSet(bed, { metadata: { ownerReferences: [] } }),
      );
      return inPasses(bed, TO_V1);
    },
  },
  {
    name: 'adopt one that rolls by itself',
    prepare: async () => {
      const bed = await initBed();
      bed.cluster.createStatefulSet(leftoverStatefulSet(bed));
      return inPasses(bed, TO_V1);
    },
  },
  {
    name: 'impostor',
    prepare: async () => {
      const bed = await updatingBed();
      replaceByImpostor(bed);
      return inPasses(bed, TO_V2);
    },
  },
  {
    name: 'unowned impostor',
    prepare: async () => {
      const bed = await updatingBed();
      replaceByImpostor(bed, { metadata: { ownerReferences: [] } });
      return inPasses(bed, TO_V2);
    },
  },
];
