import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN, runningBed } from './activity-bed.ts';
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

export const syncScenarios: readonly Scenario[] = [
  {
    name: 'begin-sync of a lost sidecar',
    prepare: async () => situation(await lostBed(), 'beginSync', BEGIN),
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
      const bed = await runningBed();
      bed.cluster.editSpec(NODE, { paused: true });
      return situation(bed, 'finishSync', { ...PLAN, sidecar: undefined });
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
