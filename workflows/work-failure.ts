import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

import { FailureType, failureTypeOf } from '../domain/failure/failure-type.ts';
import type { WorkFailure } from '../domain/failure/work-failure.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';
import { stepOfFailure } from './step-name.ts';

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
    step: stepOfFailure(err),
    reason: failureTypeOf(cause instanceof ApplicationFailure ? cause.type : undefined),
    message: cause?.message ?? err.message,
  };
}
