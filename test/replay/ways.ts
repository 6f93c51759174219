import { ApplicationFailure } from '@temporalio/common';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { RunSidecarTaskResult } from '../../activities/contract/sidecar-round.ts';
import { FailureType } from '../../domain/failure/failure-type.ts';
import type { PlannedTask } from '../../domain/sidecar/sidecar-plan.ts';
import type { WorkKind } from '../../domain/work/due-work.ts';
import { eventually } from '../support/eventually.ts';
import { identified } from '../support/identified.ts';
import {
  BEGUN,
  NOTHING_DUE,
  podRunning,
  TARGET,
  UPDATE_DUE,
  waitsUntilCancelled,
} from '../support/workflow/fake-activities.ts';
import type { WorkflowHarness } from '../support/workflow/workflow-harness.ts';
import { resyncUntilContinued } from '../workflows/long-histories.ts';

/** One shape of history: a run that takes a way through the workflow that others do not. */
export interface Way {
  readonly name: string;
  readonly kind: WorkKind;
  readonly activities: () => Partial<NodeActivities>;
  /** What happens to the run after its start. */
  readonly meanwhile?: (harness: WorkflowHarness) => Promise<void>;
  /** Recorded on a server that suggests early that a run continue as new. */
  readonly fillsHistory?: true;
}

const isParked = (harness: WorkflowHarness) => async () =>
  (await harness.progress()).step === 'parked';

const TASKS = [
  { type: 'configure-genesis', retries: 180 },
  { type: 'discover-peers', params: { sources: [] }, retries: 20 },
] as const satisfies readonly PlannedTask[];

const APPLIED = { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 2 } } as const;

/** An apply that fails once for good, and then comes about. */
function appliesAfter(message: string, type: string): Pick<NodeActivities, 'applyStatefulSet'> {
  let applies = 0;
  return {
    applyStatefulSet: async () => {
      applies += 1;
      if (applies > 1) return APPLIED;
      throw ApplicationFailure.nonRetryable(message, type);
    },
  };
}

/** Every way through the workflows of this version, once. */
export const ways: readonly Way[] = [
  { name: 'init', kind: 'nodeInit', activities: () => ({}) },
  {
    name: 'take-over-then-update',
    kind: 'nodeInit',
    activities: () => ({
      beginInit: async () => ({
        ...BEGUN,
        kind: 'taking-over',
      }),
      takeOver: async () => ({ kind: 'finished', due: UPDATE_DUE }),
    }),
  },
  {
    name: 'init-invalid-then-mended',
    kind: 'nodeInit',
    activities: () => appliesAfter('no', FailureType.InvalidSpec),
    meanwhile: async (harness) => {
      await eventually('the run parks', isParked(harness));
      await harness.observe('nodeInit', { generation: 3 });
    },
  },
  {
    name: 'init-with-tasks',
    kind: 'nodeInit',
    activities: () => {
      const ends: RunSidecarTaskResult[] = [
        { kind: 'done' },
        { kind: 'pod-lost' },
        { kind: 'done' },
        { kind: 'forgotten' },
        { kind: 'task-failed', error: 'no peers' },
      ];
      return {
        beginInit: async () => ({ ...BEGUN, tasks: TASKS.map((task) => identified(task)) }),
        runSidecarTask: async () => ends.shift() ?? { kind: 'done' },
      };
    },
  },
  {
    name: 'init-task-mended-in-back-off',
    kind: 'nodeInit',
    activities: () => {
      let begins = 0;
      return {
        beginInit: async () => ({
          ...BEGUN,
          generation: (begins += 1) + 1,
          tasks: TASKS.map((task) => identified(task)),
        }),
        // Asked only once somebody has told of a newer spec.
        readTarget: async () => ({ generation: 3, target: TARGET }),
        runSidecarTask: async () =>
          begins === 1 ? { kind: 'refused', error: 'unknown task type' } : { kind: 'done' },
      };
    },
    meanwhile: async (harness) => {
      await eventually('it backs off', async () =>
        ((await harness.progress()).waitingFor ?? '').startsWith('retry 1'),
      );
      await harness.observe('nodeInit', { generation: 3 });
    },
  },
  {
    name: 'init-failed-then-retried',
    kind: 'nodeInit',
    activities: () => {
      let isFailed = false;
      let tries = 0;
      return {
        beginInit: async () =>
          isFailed
            ? { kind: 'not-due', due: { kind: 'failed', why: 'the node is in phase Failed' } }
            : { ...BEGUN, tasks: [identified({ ...TASKS[0], retries: 0 })] },
        runSidecarTask: async () => {
          tries += 1;
          return tries === 1 ? { kind: 'task-failed', error: 'disk full' } : { kind: 'done' };
        },
        failInit: async () => {
          isFailed = true;
        },
        steer: async ({ command }) => {
          isFailed = false;
          return { kind: 'done', message: command.kind };
        },
      };
    },
    meanwhile: async (harness) => {
      await eventually(
        'the node is failed',
        async () => (await harness.progress()).step === 'failed',
      );
      await harness.client.workflow.getHandle(harness.workflowId).signal('retry');
    },
  },
  { name: 'update', kind: 'nodeUpdate', activities: () => ({}) },
  {
    name: 'update-with-config-patch',
    kind: 'nodeUpdate',
    activities: () => ({
      beginUpdate: async () => ({
        ...BEGUN,
        configPatch: { 'config.toml': { p2p: { 'external-address': 'a:1' } } },
      }),
    }),
  },
  {
    name: 'update-not-due',
    kind: 'nodeUpdate',
    activities: () => ({ beginUpdate: async () => ({ kind: 'not-due', due: NOTHING_DUE }) }),
  },
  {
    name: 'update-stalled-then-complete',
    kind: 'nodeUpdate',
    activities: () => {
      let observations = 0;
      return {
        observeImage: async (input) => {
          observations += 1;
          if (observations > 1) return { kind: 'complete', pod: podRunning(input) };
          return { kind: 'blocked', trouble: { reason: 'ImagePullBackOff', message: 'no image' } };
        },
      };
    },
  },
  {
    name: 'update-sidecar-rounds',
    kind: 'nodeUpdate',
    activities: () => {
      const rounds = [
        { kind: 'forgotten' },
        { kind: 'pod-lost' },
        { kind: 'task-failed', error: 'disk full' },
      ] as const;
      let round = -1;
      return { markReady: async () => rounds[(round += 1)] ?? { kind: 'ready' } };
    },
  },
  {
    name: 'update-superseded-in-back-off',
    kind: 'nodeUpdate',
    activities: () => {
      const newest = { ...TARGET, image: 'sei:v3' };
      let begins = 0;
      return {
        beginUpdate: async () => {
          begins += 1;
          return {
            ...BEGUN,
            generation: begins + 1,
            target: begins === 1 ? TARGET : newest,
            previousImage: 'sei:v1',
          };
        },
        readTarget: async () => ({ generation: 3, target: newest }),
        applyStatefulSet: async ({ target }) => {
          if (target.image === TARGET.image) throw new Error('the API server is down');
          return APPLIED;
        },
      };
    },
    meanwhile: async (harness) => {
      await eventually(
        'the step is tried',
        async () => (await harness.progress()).step === 'apply-statefulset',
      );
      await harness.observe('nodeUpdate', { generation: 3 });
    },
  },
  {
    name: 'update-failed-then-complete',
    kind: 'nodeUpdate',
    activities: () => appliesAfter('a bug', 'Unexpected'),
  },
  {
    name: 'update-parked-then-retried',
    kind: 'nodeUpdate',
    activities: () => appliesAfter('foreign', FailureType.ForeignOwner),
    meanwhile: async (harness) => {
      await eventually('the run parks', isParked(harness));
      await harness.client.workflow.getHandle(harness.workflowId).signal('retry');
    },
  },
  {
    name: 'update-after-two-passes',
    kind: 'nodeUpdate',
    activities: () => {
      let passes = 0;
      return {
        applyStatefulSet: async () => {
          passes += 1;
          return passes > 2 ? APPLIED : { kind: 'again' };
        },
      };
    },
  },
  { name: 'sync', kind: 'nodeSync', activities: () => ({}) },
  {
    name: 'sync-awaits-pod',
    kind: 'nodeSync',
    activities: () => ({
      beginSync: async () => ({
        ...BEGUN,
        generation: 2,
        target: TARGET,
        applies: true,
        marksReady: true,
        sidecar: undefined,
      }),
    }),
  },
  {
    name: 'sync-paused-at-birth-then-deleted',
    kind: 'nodeSync',
    activities: () => ({
      beginSync: async () => ({
        ...BEGUN,
        generation: 2,
        target: { ...TARGET, replicas: 0 },
        applies: false,
        marksReady: false,
        sidecar: undefined,
      }),
      finishSync: async () => ({ kind: 'finished', due: { kind: 'nodeDelete' } }),
    }),
  },
  {
    name: 'update-of-a-node-that-is-gone',
    kind: 'nodeUpdate',
    activities: () => ({ replacePod: async () => ({ kind: 'gone' }) }),
  },
  {
    name: 'update-parked-in-a-full-history',
    kind: 'nodeUpdate',
    fillsHistory: true,
    activities: () => appliesAfter('no', FailureType.InvalidSpec),
    meanwhile: async (harness) => {
      await eventually('the run parks', isParked(harness));
      await resyncUntilContinued(harness);
      await harness.observe('nodeUpdate', { generation: 3 });
    },
  },
  {
    name: 'update-observed-in-a-full-history',
    kind: 'nodeUpdate',
    fillsHistory: true,
    activities: () => {
      let looks = 0;
      return {
        observeImage: async (input) => {
          looks += 1;
          return looks > 1
            ? { kind: 'complete', pod: podRunning(input) }
            : await waitsUntilCancelled();
        },
      };
    },
    meanwhile: async (harness) => {
      await eventually(
        'the run observes',
        async () => (await harness.progress()).step === 'observe-image',
      );
      await resyncUntilContinued(harness);
    },
  },
];
