import { defineQuery, defineSignal } from '@temporalio/workflow';

import type { Observed, RunProgress } from '../domain/node-run.ts';
import { OBSERVED_SIGNAL, PROGRESS_QUERY, RETRY_SIGNAL } from '../domain/node-run.ts';

export const observedSignal = defineSignal<[Observed]>(OBSERVED_SIGNAL);
export const retrySignal = defineSignal(RETRY_SIGNAL);
export const progressQuery = defineQuery<RunProgress>(PROGRESS_QUERY);
