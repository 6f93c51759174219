import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { SteeringInput } from '../domain/plan/steering.ts';
import { PAUSE, RESUME, RETRY, ROLLBACK } from '../domain/plan/steering.ts';
import type { Observed, RunProgress } from '../domain/run/node-run.ts';
import { OBSERVED_SIGNAL, PROGRESS_QUERY } from '../domain/run/node-run.ts';

export const observedSignal = defineSignal<[Observed]>(OBSERVED_SIGNAL);
export const progressQuery = defineQuery<RunProgress>(PROGRESS_QUERY);

/**
 * Each command is a signal, which anybody can send from the Web UI, and an update of the same name, which answers with
 * its result.
 */
export const pauseSignal = defineSignal<[SteeringInput?]>(PAUSE);
export const resumeSignal = defineSignal<[SteeringInput?]>(RESUME);
export const retrySignal = defineSignal<[SteeringInput?]>(RETRY);
export const rollbackSignal = defineSignal<[SteeringInput?]>(ROLLBACK);
export const pauseUpdate = defineUpdate<string, [SteeringInput?]>(PAUSE);
export const resumeUpdate = defineUpdate<string, [SteeringInput?]>(RESUME);
export const retryUpdate = defineUpdate<string, [SteeringInput?]>(RETRY);
export const rollbackUpdate = defineUpdate<string, [SteeringInput?]>(ROLLBACK);
