import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';

import type {
  DecisionActivities,
  NodeActivities,
  StatusActivities,
  StepActivities,
} from '../activities/contract/activities.ts';
import type { Stallable } from '../activities/contract/plan.ts';
import { waitsTaskQueue } from '../domain/node-run.ts';
import type { Step } from '../domain/step.ts';
import {
  DISPENSABLE_ATTEMPT_MS,
  HEARTBEAT_TIMEOUT_MS,
  HELD_BACK_HEARTBEAT_TIMEOUT_MS,
  QUICK_ATTEMPT_MS,
  WAITING_ATTEMPT_MS,
} from '../domain/time-limits.ts';

/**
 * The step that each activity performs: its name in status and in the Web UI. `runSidecarTask` performs
 * the step that its task is named for.
 */
export const STEP_OF_ACTIVITY = {
  ensureDataPvc: 'ensure-data-pvc',
  applyRbacProxyConfig: 'apply-rbac-proxy-config',
  applyStatefulSet: 'apply-statefulset',
  awaitMounts: 'await-mounts',
  applyService: 'apply-service',
  configPatch: 'config-patch',
  replacePod: 'replace-pod',
  observeImage: 'observe-image',
  markReady: 'mark-ready',
  takeOver: 'take-over',
  deleteStatefulSet: 'delete-statefulset',
  awaitPodsGone: 'await-pods-gone',
  deleteDataPvc: 'delete-data-pvc',
  removeFinalizer: 'remove-finalizer',
} as const satisfies Record<Exclude<keyof StepActivities, 'runSidecarTask'>, Step>;

/** What the Web UI calls those that no step of a plan is. */
export const SUMMARY_OF_STATUS_ACTIVITY = {
  beginUpdate: 'begin',
  finishUpdate: 'finish',
  failUpdate: 'record failure',
  beginInit: 'begin',
  finishInit: 'finish',
  failInit: 'record failure',
  beginSync: 'begin',
  finishSync: 'finish',
  failSync: 'record failure',
  beginDelete: 'begin',
  recordStall: 'record stall',
  checkProgress: 'check progress',
  steer: 'steer',
} as const satisfies Record<keyof StatusActivities, string>;

const quick: ActivityOptions = {
  startToCloseTimeout: QUICK_ATTEMPT_MS,
  // No bound on the attempts: what is transient is never a failure. The cap keeps the recovery after
  // a long outage within seconds; the API server's Retry-After overrides it.
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '15 seconds',
  },
  // The next step may only start once this one has ended, so its end is awaited.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** Waits for something to happen in the cluster; a node may be held back for days. */
const waiting: ActivityOptions = {
  ...quick,
  startToCloseTimeout: WAITING_ATTEMPT_MS,
};

/** Nothing that fails in it holds up the roll. */
const dispensable: ActivityOptions = {
  ...quick,
  startToCloseTimeout: DISPENSABLE_ATTEMPT_MS,
  retry: { maximumAttempts: 1 },
};

export interface Steps extends StatusActivities, StepActivities {}

/** The steps as this run calls them: waits go to the queue that has room for every node. */
export function stepsOn(taskQueue: string): Steps {
  const waits = waitsOn(waitsTaskQueue(taskQueue));
  return {
    beginUpdate: activity('beginUpdate', SUMMARY_OF_STATUS_ACTIVITY.beginUpdate, quick),
    finishUpdate: activity('finishUpdate', SUMMARY_OF_STATUS_ACTIVITY.finishUpdate, quick),
    failUpdate: activity('failUpdate', SUMMARY_OF_STATUS_ACTIVITY.failUpdate, quick),
    beginInit: activity('beginInit', SUMMARY_OF_STATUS_ACTIVITY.beginInit, quick),
    finishInit: activity('finishInit', SUMMARY_OF_STATUS_ACTIVITY.finishInit, quick),
    failInit: activity('failInit', SUMMARY_OF_STATUS_ACTIVITY.failInit, quick),
    beginSync: activity('beginSync', SUMMARY_OF_STATUS_ACTIVITY.beginSync, quick),
    finishSync: activity('finishSync', SUMMARY_OF_STATUS_ACTIVITY.finishSync, quick),
    failSync: activity('failSync', SUMMARY_OF_STATUS_ACTIVITY.failSync, quick),
    beginDelete: activity('beginDelete', SUMMARY_OF_STATUS_ACTIVITY.beginDelete, quick),
    recordStall: activity('recordStall', SUMMARY_OF_STATUS_ACTIVITY.recordStall, quick),
    checkProgress: activity('checkProgress', SUMMARY_OF_STATUS_ACTIVITY.checkProgress, quick),
    steer: activity('steer', SUMMARY_OF_STATUS_ACTIVITY.steer, quick),
    ensureDataPvc: step('ensureDataPvc', quick),
    applyRbacProxyConfig: step('applyRbacProxyConfig', quick),
    applyStatefulSet: step('applyStatefulSet', quick),
    awaitMounts: waits((options) => step('awaitMounts', options)),
    applyService: step('applyService', quick),
    configPatch: step('configPatch', dispensable),
    replacePod: waits((options) => step('replacePod', options)),
    observeImage: waits((options) => step('observeImage', options)),
    runSidecarTask: (input) =>
      waits((options) => activity('runSidecarTask', input.task.type, options))(input),
    markReady: waits((options) => step('markReady', options)),
    takeOver: step('takeOver', quick),
    deleteStatefulSet: step('deleteStatefulSet', quick),
    awaitPodsGone: waits((options) => step('awaitPodsGone', options)),
    deleteDataPvc: step('deleteDataPvc', quick),
    removeFinalizer: step('removeFinalizer', quick),
  };
}

/** A worker that dies is noticed early, unless the node is held back in any case. */
function waitsOn(taskQueue: string) {
  return <Input extends Stallable, Result>(
    stepWith: (options: ActivityOptions) => (input: Input) => Promise<Result>,
  ) =>
    (input: Input): Promise<Result> => {
      const heartbeatTimeout =
        input.known === undefined ? HEARTBEAT_TIMEOUT_MS : HELD_BACK_HEARTBEAT_TIMEOUT_MS;
      return stepWith({ ...waiting, taskQueue, heartbeatTimeout })(input);
    };
}

function step<Name extends keyof typeof STEP_OF_ACTIVITY>(
  name: Name,
  options: ActivityOptions,
): NodeActivities[Name] {
  return activity(name, STEP_OF_ACTIVITY[name], options);
}

function activity<Name extends keyof Steps>(
  name: Name,
  summary: string,
  options: ActivityOptions,
): NodeActivities[Name] {
  return proxyActivities<NodeActivities>({ ...options, summary })[name];
}

/**
 * Reads that nobody needs to see in the Web UI. Local, so that they cost one event; at most a second
 * and one local retry, because a slow local activity holds up signals; after that the regular one.
 */
export function decisions(): DecisionActivities {
  const local = proxyLocalActivities<DecisionActivities>({
    startToCloseTimeout: '1 second',
    retry: { maximumAttempts: 2, initialInterval: '50 milliseconds' },
  });
  const regular = proxyActivities<DecisionActivities>({ ...quick, summary: 'decide' });
  return {
    decideDueWork: (input) =>
      orElse(
        () => local.decideDueWork(input),
        () => regular.decideDueWork(input),
      ),
    readTarget: (input) =>
      orElse(
        () => local.readTarget(input),
        () => regular.readTarget(input),
      ),
  };
}

/**
 * A local activity is never cancelled: one that has ended, of which the workflow has not heard yet, cannot be, and
 * the workflow task that tries fails for good ("Invalid transition in state machine"). It takes two seconds at most.
 */
async function orElse<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T> {
  try {
    return await CancellationScope.nonCancellable(first);
  } catch (err) {
    if (isCancellation(err)) throw err;
    return await second();
  }
}
