import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

import { FailureType, failureTypeOf } from '../domain/failure/failure-type.ts';
import type { WorkFailure } from '../domain/failure/work-failure.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';
import { stepOfFailure } from './step-name.ts';

/**
 * Returns the failure that a step ended with, or undefined for an error that is a bug of the workflow and has to
 * surface as such. Steps retry transient errors for ever, so only failures that no retry mends arrive here.
 */
export function workFailure(err: unknown): WorkFailure | undefined {
  if (err instanceof SidecarTaskFailure) {
    const { step, message, lastError: error } = err;
    return { step, reason: FailureType.SidecarTaskFailed, message, error };
  }
  if (!(err instanceof ActivityFailure)) return undefined;
  const { cause } = err;
  return {
    step: stepOfFailure(err),
    reason: failureTypeOf(cause instanceof ApplicationFailure ? cause.type : undefined),
    message: cause?.message ?? err.message,
  };
}
