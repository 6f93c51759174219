import { CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

import type { ObjectKey } from '../domain/node/node-ref.ts';
import { NODE_NAMES } from '../domain/run/kind-names.ts';
import { parseWorkflowId } from '../domain/run/workflow-id.ts';
import type { StepMetrics, StepResult } from '../metrics/step-metrics.ts';
import { withActivityFields } from './activity-fields.ts';
import { workOfActivity } from './step-of-activity.ts';

export interface ActivityContext {
  readonly steps: StepMetrics;
  /** Returns the image that a node is to run, for steps whose input has none; undefined for a node that is gone. */
  readonly imageOf: (node: ObjectKey) => string | undefined;
}

/**
 * Measures each attempt at an activity, and adds the fields of its work to its log lines. Activities do not replay, so
 * every attempt is measured once; one that ends with its worker is never measured.
 */
export function activityInterceptors(context: ActivityContext): ActivityInterceptorsFactory {
  const { steps, imageOf } = context;
  return ({ info }) => {
    let work = workOfActivity(info.activityType, []);
    const node = parseWorkflowId(info.workflowExecution?.workflowId ?? '', [NODE_NAMES])?.object;
    return {
      inbound: {
        execute: async (input, next) => {
          work = workOfActivity(info.activityType, input.args);
          if (node !== undefined) work = { ...work, image: work.image ?? imageOf(node) };
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
