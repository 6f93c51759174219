import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

import { FailureType, failureTypeOf } from '../domain/failure-type.ts';
import type { WorkFailure } from '../domain/work-failure.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';
import { STEP_OF_ACTIVITY, SUMMARY_OF_STATUS_ACTIVITY } from './steps.ts';

/**
 * The failure that a step ended with, or undefined for an error that is a bug of the workflow and
 * has to surface as such. Steps are retried for ever on what is transient, so what arrives here is
 * what no retry mends.
 */
export function workFailure(err: unknown): WorkFailure | undefined {
  if (err instanceof SidecarTaskFailure) {
    const { step, message, lastError: error } = err;
    return { step, reason: FailureType.SidecarTaskFailed, message, error };
  }
  if (!(err instanceof ActivityFailure)) return undefined;
  const { cause } = err;
  return {
    step: stepOf(err.activityType),
    reason: failureTypeOf(cause instanceof ApplicationFailure ? cause.type : undefined),
    message: cause?.message ?? err.message,
  };
}

function stepOf(activityType: string): string {
  const steps: Readonly<Record<string, string>> = {
    ...SUMMARY_OF_STATUS_ACTIVITY,
    ...STEP_OF_ACTIVITY,
  };
  return steps[activityType] ?? activityType;
}
