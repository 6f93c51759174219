import { CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

import type { StepMetrics, StepResult } from '../metrics/step-metrics.ts';
import { withActivityFields } from './activity-fields.ts';
import { workOfActivity } from './step-of-activity.ts';

/**
 * Measures each attempt at an activity, and has its log lines say what they are about. Activities do
 * not replay, so every attempt is measured once; one that ends with its worker is never measured.
 */
export function activityInterceptors(steps: StepMetrics): ActivityInterceptorsFactory {
  return ({ info }) => {
    let work = workOfActivity(info.activityType, []);
    return {
      inbound: {
        execute: async (input, next) => {
          work = workOfActivity(info.activityType, input.args);
          const startedAt = performance.now();
          let result: StepResult = 'ok';
          try {
            return await withActivityFields(info, work, () => next(input));
          } catch (err) {
            result = err instanceof CancelledFailure ? 'cancelled' : 'failed';
            throw err;
          } finally {
            steps.ended(work.step, result, (performance.now() - startedAt) / 1_000);
          }
        },
      },
      outbound: {
        getLogAttributes: (input, next) => next({ ...input, ...work }),
      },
    };
  };
}
