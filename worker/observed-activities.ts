import { activityInfo } from '@temporalio/activity';

import type { NodeActivities } from '../activities/contract/activities.ts';
import type { FailInput, FinishResult } from '../activities/contract/bookkeeping.ts';
import type { Superseded } from '../activities/contract/plan.ts';
import type { Logger } from '../domain/logger.ts';
import { isGivenUp } from '../domain/node/failed-node.ts';
import type { WorkKind } from '../domain/work/due-work.ts';
import type { RunMetrics, RunOutcome } from '../metrics/run-metrics.ts';

export interface ActivityObservers {
  readonly runs: RunMetrics;
  /** Adds the fields of the activity to each line. */
  readonly logger: Logger;
}

/**
 * Wraps the activities that end an attempt at the work on a node: they count and log how it ended. Activities do not
 * replay, so that happens once, unless the answer is lost on its way to Temporal, which then schedules the activity
 * again.
 */
export function observedActivities(
  activities: NodeActivities,
  { runs, logger }: ActivityObservers,
): NodeActivities {
  function complete(work: WorkKind): void {
    runs.ended(work, 'complete');
    logger.info('run ended', { work, outcome: 'complete' });
  }
  function failed(work: WorkKind, outcome: RunOutcome, { failure }: FailInput): void {
    runs.ended(work, outcome);
    const { step, reason, message: error } = failure;
    logger.warn('run ended', { work, outcome, step, reason, error });
  }
  async function finishing<Result extends FinishResult | Superseded>(
    work: WorkKind,
    finish: Promise<Result>,
  ): Promise<Result> {
    const result = await finish;
    // The deletion of a node that is gone, or the run of its successor, reports its outcome.
    if (result.kind === 'finished') complete(work);
    return result;
  }
  return {
    ...activities,
    finishInit: (input) => finishing('nodeInit', activities.finishInit(input)),
    takeOver: (input) => finishing('nodeInit', activities.takeOver(input)),
    finishUpdate: (input) => finishing('nodeUpdate', activities.finishUpdate(input)),
    finishSync: (input) => finishing('nodeSync', activities.finishSync(input)),
    failInit: async (input) => {
      await activities.failInit(input);
      failed('nodeInit', isGivenUp(input.failure) ? 'given-up' : 'failed', input);
    },
    failUpdate: async (input) => {
      await activities.failUpdate(input);
      failed('nodeUpdate', 'failed', input);
    },
    failSync: async (input) => {
      await activities.failSync(input);
      // A deletion records its stalls as a sync does.
      const isDeletion = activityInfo().workflowType === 'nodeDelete';
      failed(isDeletion ? 'nodeDelete' : 'nodeSync', 'failed', input);
    },
    removeFinalizer: async (input) => {
      await activities.removeFinalizer(input);
      complete('nodeDelete');
    },
  };
}
