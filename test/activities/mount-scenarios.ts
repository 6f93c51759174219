import { NODE } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN, TO_V1 } from './activity-bed.ts';
import { rivalsBed, validator } from './rivals-bed.ts';
import type { Scenario } from './scenario.ts';
import { situation } from './scenario.ts';

const ATTEMPT = { ...PLAN, target: TO_V1, generation: 1 };

async function validatorBed(): Promise<ActivityBed> {
  const bed = new ActivityBed();
  bed.cluster.createNode(validator());
  await bed.run('beginInit', BEGIN);
  bed.cluster.requests.clear();
  return bed;
}

/** The activities in which a node asks for what no two pods may mount, and in which it lets go of it. */
export const mountScenarios: readonly Scenario[] = [
  {
    name: 'apply-statefulset of a validator',
    prepare: async () => situation(await validatorBed(), 'applyStatefulSet', ATTEMPT),
  },
  {
    name: 'apply-statefulset of a validator whose key is in use',
    prepare: async () => situation(await rivalsBed(), 'applyStatefulSet', ATTEMPT),
  },
  {
    name: 'await-mounts',
    prepare: async () => {
      const bed = await validatorBed();
      return situation(bed, 'awaitMounts', { ...ATTEMPT, known: undefined });
    },
  },
  {
    name: 'remove-finalizer of a validator',
    prepare: async () => {
      const bed = await validatorBed();
      await bed.run('awaitMounts', { ...ATTEMPT, known: undefined });
      bed.cluster.deleteNode(NODE);
      bed.cluster.requests.clear();
      return situation(bed, 'removeFinalizer', PLAN);
    },
  },
  {
    name: 'await-pods-gone of the pause of a validator',
    prepare: async () => {
      const bed = await validatorBed();
      await bed.run('awaitMounts', { ...ATTEMPT, known: undefined });
      bed.cluster.editSpec(NODE, { paused: true });
      bed.cluster.requests.clear();
      return situation(bed, 'awaitPodsGone', { ...PLAN, because: 'paused', known: undefined });
    },
  },
];
