import { identified } from '../support/identified.ts';
import { NODE, V1 } from '../support/sei-node.ts';
import {
  applied,
  BEGIN,
  driftedBed,
  foreignBed,
  initBed,
  NEW_TASK_IDS,
  newBed,
  observed,
  PLAN,
  replacedBed,
  rollingBed,
  served,
  TO_V1,
  TO_V2,
  updatingBed,
} from './activity-bed.ts';
import type { Scenario } from './scenario.ts';
import { situation } from './scenario.ts';

const externalAddress = 'p2p.example.com:26656';
const files = { 'config.toml': { p2p: { 'external-address': externalAddress } } };
const failure = { step: 'replace-pod', reason: 'Refused', message: 'no' } as const;

/** Each activity of a bring-up, a take-over and an update, where it has something to do. */
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
    name: 'run-sidecar-task',
    prepare: async () => {
      const bed = await initBed();
      const rollout = await applied(bed, TO_V1);
      bed.cluster.settle();
      const pod = await observed(bed, rollout);
      const type = 'configure-genesis';
      const task = identified({ type, retries: 180 }, NEW_TASK_IDS[type]);
      return situation(bed, 'runSidecarTask', {
        ...rollout,
        pod,
        task,
        taskId: task.id,
        failedRun: undefined,
        known: undefined,
      });
    },
  },
  {
    name: 'finish-init',
    prepare: async () => {
      const bed = await initBed();
      const rollout = await applied(bed, TO_V1);
      bed.cluster.settle();
      await served(bed, rollout);
      return situation(bed, 'finishInit', { ...PLAN, generation: 1 });
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
    name: 'config-patch',
    prepare: async () => {
      const { bed, rollout } = await rollingBed({ externalAddress });
      return situation(bed, 'configPatch', { ...rollout, files, taskId: 'task-1' });
    },
  },
  {
    name: 'config-patch that the sidecar refuses',
    prepare: async () => {
      const { bed, rollout } = await rollingBed({ externalAddress });
      bed.sidecar.runOf = () => ({ durationMs: 0, error: 'no config.toml' });
      return situation(bed, 'configPatch', { ...rollout, files, taskId: 'task-1' });
    },
  },
  {
    name: 'replace-pod',
    prepare: async () => {
      const { bed, rollout } = await rollingBed();
      return situation(bed, 'replacePod', rollout);
    },
  },
  {
    name: 'replace-pod of a node whose spec has a grace of its own',
    prepare: async () => {
      const { bed, rollout } = await rollingBed();
      bed.cluster.editSpec(NODE, { terminationGracePeriodSeconds: 3_600 });
      return situation(bed, 'replacePod', rollout);
    },
  },
  {
    name: 'replace-pod beside a second pod of the StatefulSet',
    prepare: async () => {
      const { bed, rollout } = await rollingBed();
      const second = { podIP: '10.0.0.9', image: V1 };
      bed.cluster.forgePod({ namespace: NODE.namespace, name: 'n0-0' }, 'n0-1', second);
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
      return situation(bed, 'markReady', { ...rollout, pod, taskId: 'task-1', known: undefined });
    },
  },
  {
    name: 'finish-update',
    prepare: async () => {
      const { bed, rollout } = await replacedBed();
      bed.cluster.settle();
      await served(bed, rollout);
      return situation(bed, 'finishUpdate', PLAN);
    },
  },
  {
    name: 'fail-update',
    prepare: async () => situation(await updatingBed(), 'failUpdate', { ...PLAN, failure }),
  },
  {
    name: 'decide-due-work',
    prepare: async () =>
      situation(await driftedBed(), 'decideDueWork', { node: NODE, told: 'nodeSync' }),
  },
  {
    name: 'read-target',
    prepare: async () =>
      situation(await driftedBed(), 'readTarget', { node: NODE, atLeastGeneration: 2 }),
  },
  {
    name: 'check-progress',
    prepare: async () => situation(await updatingBed(), 'checkProgress', PLAN),
  },
  {
    name: 'check-progress while the pod ends',
    prepare: async () => {
      const bed = await updatingBed();
      bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
      return situation(bed, 'checkProgress', PLAN);
    },
  },
  {
    name: 'record-stall',
    prepare: async () => {
      const trouble = { reason: 'ImagePullBackOff', message: 'denied' } as const;
      return situation(await updatingBed(), 'recordStall', { ...PLAN, trouble });
    },
  },
];
