import type { NodeActivities } from '../../activities/contract.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { platform } from '../manifests/fixtures.ts';
import type { PlainStatefulSet } from '../support/fake-cluster/plain.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import {
  ActivityBed,
  applied,
  appliedInPasses,
  BEGIN,
  driftedBed,
  foreignBed,
  observed,
  PLAN,
  replacedBed,
  rollingBed,
  runningBed,
  TO_V1,
  TO_V2,
  updatingBed,
} from './activity-bed.ts';

/** One activity in the situation in which the workflow calls it. */
export interface Scenario {
  readonly name: string;
  readonly prepare: () => Promise<Situation>;
}

export interface Situation {
  readonly bed: ActivityBed;
  readonly attempt: () => Promise<unknown>;
}

type Name = keyof NodeActivities;

function situation<N extends Name>(
  bed: ActivityBed,
  name: N,
  input: Parameters<NodeActivities[N]>[0],
): Situation {
  return { bed, attempt: () => bed.run(name, input) };
}

/** As `kubectl apply` of an exported StatefulSet makes it. */
function unownedManifest(): PlainStatefulSet {
  const rendered: PlainStatefulSet = statefulSetFor(seiNode(), TO_V1, platform);
  return { ...rendered, metadata: { ...rendered.metadata, ownerReferences: [] } };
}

/** A Running node that somebody has deleted, and that our finalizer holds back. */
async function deletedBed(): Promise<ActivityBed> {
  const bed = await runningBed();
  bed.cluster.deleteNode(NODE);
  return bed;
}

const failure = { step: 'replace-pod', reason: 'Refused', message: 'no' };

async function newBed(): Promise<ActivityBed> {
  const bed = new ActivityBed();
  bed.cluster.createNode(seiNode());
  return bed;
}

async function initBed(): Promise<ActivityBed> {
  const bed = await newBed();
  await bed.run('beginInit', BEGIN);
  return bed;
}

/** Every activity that writes, where it has something to write. */
export const scenarios: readonly Scenario[] = [
  { name: 'begin-init', prepare: async () => situation(await newBed(), 'beginInit', BEGIN) },
  {
    name: 'ensure-data-pvc',
    prepare: async () => situation(await initBed(), 'ensureDataPvc', PLAN),
  },
  {
    name: 'apply-rbac-proxy-config',
    prepare: async () => situation(await initBed(), 'applyRbacProxyConfig', PLAN),
  },
  { name: 'apply-service', prepare: async () => situation(await initBed(), 'applyService', PLAN) },
  {
    name: 'apply-statefulset, which creates it',
    prepare: async () => {
      const attempt = { ...PLAN, target: TO_V1, generation: 1 };
      return situation(await initBed(), 'applyStatefulSet', attempt);
    },
  },
  {
    name: 'apply-statefulset, which changes it',
    prepare: async () => {
      const attempt = { ...PLAN, target: TO_V2, generation: 2 };
      return situation(await updatingBed(), 'applyStatefulSet', attempt);
    },
  },
  {
    name: 'apply-statefulset, which finds it deleted',
    prepare: async () => {
      const bed = await updatingBed();
      bed.cluster.deleteStatefulSet(NODE);
      const attempt = { ...PLAN, target: TO_V2, generation: 2 };
      return { bed, attempt: () => appliedInPasses(bed, attempt) };
    },
  },
  {
    name: 'apply-statefulset, which finds an impostor',
    prepare: async () => {
      const bed = await updatingBed();
      bed.cluster.deleteStatefulSet(NODE);
      bed.cluster.createStatefulSet(unownedManifest());
      const attempt = { ...PLAN, target: TO_V2, generation: 2 };
      return { bed, attempt: () => appliedInPasses(bed, attempt) };
    },
  },
  {
    name: 'apply-statefulset, which adopts one',
    prepare: async () => {
      const bed = await initBed();
      bed.cluster.createStatefulSet(unownedManifest());
      const attempt = { ...PLAN, target: TO_V1, generation: 1 };
      return { bed, attempt: () => appliedInPasses(bed, attempt) };
    },
  },
  {
    name: 'delete-statefulset',
    prepare: async () => situation(await deletedBed(), 'deleteStatefulSet', PLAN),
  },
  {
    name: 'delete-data-pvc',
    prepare: async () => situation(await deletedBed(), 'deleteDataPvc', PLAN),
  },
  {
    name: 'remove-finalizer',
    prepare: async () => situation(await deletedBed(), 'removeFinalizer', PLAN),
  },
  {
    name: 'finish-init',
    prepare: async () => {
      const bed = await initBed();
      const rollout = await applied(bed, TO_V1);
      bed.cluster.settle();
      await observed(bed, rollout);
      return situation(bed, 'finishInit', PLAN);
    },
  },
  {
    name: 'fail-init',
    prepare: async () =>
      situation(await initBed(), 'failInit', { ...PLAN, failure, generation: 1 }),
  },
  {
    name: 'take-over',
    prepare: async () => {
      const bed = await foreignBed();
      const { generation } = bed.node.metadata;
      return situation(bed, 'takeOver', { ...PLAN, target: TO_V1, generation });
    },
  },
  {
    name: 'begin-update',
    prepare: async () => situation(await driftedBed(), 'beginUpdate', BEGIN),
  },
  {
    name: 'replace-pod',
    prepare: async () => {
      const { bed, rollout } = await rollingBed();
      return situation(bed, 'replacePod', rollout);
    },
  },
  {
    name: 'observe-image',
    prepare: async () => {
      const { bed, rollout } = await replacedBed();
      bed.cluster.settle();
      return situation(bed, 'observeImage', { ...rollout, known: undefined, revision: 'newest' });
    },
  },
  {
    name: 'mark-ready',
    prepare: async () => {
      const { bed, rollout } = await replacedBed();
      bed.cluster.settle();
      const pod = await observed(bed, rollout);
      return situation(bed, 'markReady', { ...rollout, pod, taskId: 'task-1' });
    },
  },
  {
    name: 'finish-update',
    prepare: async () => {
      const { bed, rollout } = await replacedBed();
      bed.cluster.settle();
      await observed(bed, rollout);
      return situation(bed, 'finishUpdate', PLAN);
    },
  },
  {
    name: 'fail-update',
    prepare: async () => situation(await updatingBed(), 'failUpdate', { ...PLAN, failure }),
  },
  {
    name: 'record-stall',
    prepare: async () => {
      const trouble = { reason: 'ImagePullBackOff', message: 'denied' };
      return situation(await updatingBed(), 'recordStall', { ...PLAN, trouble });
    },
  },
];
