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
  StatusActivities,
  StepActivities,
} from '../activities/contract/activities.ts';
import type { Stallable } from '../activities/contract/plan.ts';
import type { ActivityRow, Bounds } from '../domain/run/activities.ts';
import { shownAs } from '../domain/run/activities.ts';
import { waitsTaskQueue } from '../domain/run/node-run.ts';
import {
  DISPENSABLE_ATTEMPT_MS,
  HEARTBEAT_TIMEOUT_MS,
  HELD_BACK_HEARTBEAT_TIMEOUT_MS,
  QUICK_ATTEMPT_MS,
  WAITING_ATTEMPT_MS,
} from '../domain/run/time-limits.ts';
import { failingAs } from './step-name.ts';

const quick: ActivityOptions = {
  startToCloseTimeout: QUICK_ATTEMPT_MS,
  // No bound on the attempts: a transient error is never a failure. The cap keeps the recovery after a long outage
  // within seconds; the API server's Retry-After overrides it.
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '15 seconds',
  },
  // The next step may start only once this one has ended, so the run waits for that.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** Waits for an event in the cluster; a node may be held back for days. */
const waiting: ActivityOptions = {
  ...quick,
  startToCloseTimeout: WAITING_ATTEMPT_MS,
};

/** No failure of it holds up the roll. */
const dispensable: ActivityOptions = {
  ...quick,
  startToCloseTimeout: DISPENSABLE_ATTEMPT_MS,
  retry: { maximumAttempts: 1 },
};

const BOUNDS: Readonly<Record<Bounds, ActivityOptions>> = { quick, waiting, dispensable };

export interface Steps extends StatusActivities, StepActivities {}

/** Each activity has a row, and exactly those activities wait whose callers learn what holds them back. */
type Rows<Activities extends Calls<Activities>> = {
  readonly [Name in keyof Activities]: ActivityRow & {
    readonly bounds: Parameters<Activities[Name]>[0] extends Stallable
      ? 'waiting'
      : Exclude<Bounds, 'waiting'>;
  };
};

type Calls<Activities> = Readonly<Record<keyof Activities, (input: never) => unknown>>;

/** Returns the activities of a kind as this run calls them: waits go to the queue that has room for every object. */
export function stepsOn<Activities extends Calls<Activities>>(
  taskQueue: string,
  rows: Rows<Activities>,
): Activities {
  const calls = Object.entries<ActivityRow>(rows).map(([name, row]) => [
    name,
    (input: unknown) => call(taskQueue, name, row, input),
  ]);
  return Object.fromEntries(calls) as Activities;
}

function call(taskQueue: string, name: string, row: ActivityRow, input: unknown): Promise<unknown> {
  const { bounds } = row;
  const summary = shownAs(name, row, input);
  const options = {
    ...BOUNDS[bounds],
    ...(bounds === 'waiting' && waitsOn(taskQueue, input as Stallable)),
    summary,
  };
  const activity = proxyActivities(options)[name] as (input: unknown) => Promise<unknown>;
  return failingAs(summary, activity(input));
}

/** A dead worker is noticed early, unless the node is held back in any case. */
function waitsOn(taskQueue: string, { known }: Stallable): ActivityOptions {
  return {
    taskQueue: waitsTaskQueue(taskQueue),
    heartbeatTimeout: known === undefined ? HEARTBEAT_TIMEOUT_MS : HELD_BACK_HEARTBEAT_TIMEOUT_MS,
  };
}

/**
 * Reads that nobody needs to see in the Web UI. They are local activities, so that they cost one event; at most a
 * second and one local retry, because a slow local activity holds up signals; after that the regular one.
 */
export function decisions(regular: DecisionActivities): DecisionActivities {
  const local = proxyLocalActivities<DecisionActivities>({
    startToCloseTimeout: '1 second',
    retry: { maximumAttempts: 2, initialInterval: '50 milliseconds' },
  });
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
 * A local activity is never cancelled. One that has ended without the workflow's knowledge cannot be cancelled, and the
 * workflow task that tries fails for good ("Invalid transition in state machine"). It takes two seconds at most.
 */
async function orElse<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T> {
  try {
    return await CancellationScope.nonCancellable(first);
  } catch (err) {
    if (isCancellation(err)) throw err;
    return await second();
  }
}
