import { CancelledFailure } from '@temporalio/activity';
import {
  ActivityFailure,
  ApplicationFailure,
  ensureTemporalFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { msOptionalToNumber, msToTs } from '@temporalio/common/lib/time.js';
import type { coresdk } from '@temporalio/proto';

import type { Agenda, Withdraw } from './agenda.ts';
import { Attempt } from './attempt.ts';
import { fromPayload, milliseconds, toFailure, toPayload } from './wire.ts';

export type Resolution = coresdk.activity_result.IActivityResolution;
type Scheduled =
  | coresdk.workflow_commands.IScheduleActivity
  | coresdk.workflow_commands.IScheduleLocalActivity;

/** The values of coresdk.workflow_commands.ActivityCancellationType; type-only imports carry no enum values. */
const TRY_CANCEL = 0;
const ABANDON = 2;

/** A local activity that has to wait longer before its next attempt waits on a timer of the workflow. */
const LOCAL_RETRY_THRESHOLD = 60_000;

export interface ActivityHost {
  readonly agenda: Agenda;
  /** The time from when it is scheduled until it starts. */
  readonly latency: number;
  readonly activity: (input: unknown) => Promise<unknown>;
  readonly onAttempt: (attempt: Attempt, input: unknown) => void;
  /** Called once, when the server gives the workflow its end. */
  readonly onClosed: (resolution: Resolution) => void;
}

/**
 * One scheduled activity with its attempts: retry policy, start-to-close, heartbeat and
 * schedule-to-close time-outs, and cancellation, as the server does them, or the worker for a local one.
 */
export class SimulatedActivity {
  readonly name: string;
  readonly isLocal: boolean;
  readonly #scheduled: Scheduled;
  readonly #host: ActivityHost;
  readonly #scheduledAt: number;
  #attempt: Attempt | undefined;
  #number: number;
  #cancelRequested = false;
  #closed = false;
  #pending: Withdraw[] = [];

  constructor(scheduled: Scheduled, isLocal: boolean, host: ActivityHost) {
    this.name = scheduled.activityType ?? '';
    this.isLocal = isLocal;
    this.#scheduled = scheduled;
    this.#host = host;
    this.#scheduledAt = host.agenda.now;
    this.#number = 'attempt' in scheduled && scheduled.attempt ? scheduled.attempt : 1;
    this.#later(host.latency, () => this.#start());
  }

  cancel(): void {
    if (this.#closed || this.#cancelRequested) return;
    this.#cancelRequested = true;
    if (this.#scheduled.cancellationType === ABANDON) return;
    this.#attempt?.cancel();
    // An activity that waits for its next attempt has no attempt that could finish.
    if (this.#attempt === undefined || this.#scheduled.cancellationType === TRY_CANCEL) {
      this.#closeCancelled();
    }
  }

  /** Abandons it, because the run has closed: what is left of it learns so by its next heartbeat. */
  abandon(): void {
    this.#closed = true;
    this.#withdrawAll();
    this.#attempt?.cancel();
  }

  #start(): void {
    const { agenda, activity, onAttempt } = this.#host;
    const { startToCloseTimeout } = this.#scheduled;
    const attempt = new Attempt(agenda, this.#number, () => this.#noticeHang(attempt));
    this.#attempt = attempt;
    const timeout = milliseconds(startToCloseTimeout) ?? this.#untilScheduleToClose();
    if (timeout !== undefined) {
      this.#later(timeout, () => this.#timeOut(attempt, TimeoutType.START_TO_CLOSE));
    }
    const input = fromPayload(this.#scheduled.arguments?.[0]);
    onAttempt(attempt, input);
    attempt.run(activity, input).then(
      (result) => this.#end(attempt, { completed: { result: toPayload(result) } }),
      (err: unknown) => this.#fail(attempt, err),
    );
  }

  #noticeHang(attempt: Attempt): void {
    const heartbeat =
      'heartbeatTimeout' in this.#scheduled
        ? milliseconds(this.#scheduled.heartbeatTimeout)
        : undefined;
    if (heartbeat === undefined) return;
    this.#later(heartbeat, () => this.#timeOut(attempt, TimeoutType.HEARTBEAT));
  }

  #timeOut(attempt: Attempt, type: TimeoutType): void {
    attempt.cancel();
    this.#fail(attempt, new TimeoutFailure(`activity ${type} timeout`, undefined, type));
  }

  #fail(attempt: Attempt, err: unknown): void {
    if (attempt !== this.#attempt) return;
    if (err instanceof CancelledFailure && this.#cancelRequested) {
      this.#closeCancelled();
      return;
    }
    const failure = ensureTemporalFailure(err);
    const failed = (state: RetryState) =>
      this.#end(attempt, { failed: { failure: toFailure(this.#failure(failure, state)) } });
    const { retryPolicy } = this.#scheduled;
    const application = failure instanceof ApplicationFailure ? failure : undefined;
    const fatalTypes = retryPolicy?.nonRetryableErrorTypes ?? [];
    if (application?.nonRetryable === true || fatalTypes.includes(application?.type ?? '')) {
      return failed(RetryState.NON_RETRYABLE_FAILURE);
    }
    const most = retryPolicy?.maximumAttempts ?? 0;
    if (most > 0 && this.#number >= most) return failed(RetryState.MAXIMUM_ATTEMPTS_REACHED);
    if (this.#cancelRequested) return failed(RetryState.CANCEL_REQUESTED);

    const delay = msOptionalToNumber(application?.nextRetryDelay ?? undefined) ?? this.#backOff();
    const left = this.#untilScheduleToClose();
    if (left !== undefined && delay >= left) return failed(RetryState.TIMEOUT);
    this.#attempt = undefined;
    this.#withdrawAll();
    this.#number += 1;
    if (this.isLocal && delay > LOCAL_RETRY_THRESHOLD) {
      const originalScheduleTime = msToTs(this.#scheduledAt);
      const backoffDuration = msToTs(delay);
      this.#close({ backoff: { attempt: this.#number, backoffDuration, originalScheduleTime } });
      return;
    }
    this.#later(delay, () => this.#start());
  }

  #backOff(): number {
    const { retryPolicy } = this.#scheduled;
    const initial = milliseconds(retryPolicy?.initialInterval) ?? 1_000;
    const most = milliseconds(retryPolicy?.maximumInterval) ?? initial * 100;
    const coefficient = retryPolicy?.backoffCoefficient || 2;
    return Math.min(most, initial * coefficient ** (this.#number - 1));
  }

  #untilScheduleToClose(): number | undefined {
    const whole = milliseconds(this.#scheduled.scheduleToCloseTimeout);
    return whole === undefined ? undefined : whole - (this.#host.agenda.now - this.#scheduledAt);
  }

  #closeCancelled(): void {
    const failure = this.#failure(new CancelledFailure('CANCELLED'), RetryState.CANCEL_REQUESTED);
    this.#close({ cancelled: { failure: toFailure(failure) } });
  }

  #failure(cause: Error, retryState: RetryState): ActivityFailure {
    const { activityId } = this.#scheduled;
    const id = activityId ?? undefined;
    return new ActivityFailure('Activity task failed', this.name, id, retryState, undefined, cause);
  }

  #end(attempt: Attempt, resolution: Resolution): void {
    if (attempt === this.#attempt) this.#close(resolution);
  }

  #close(resolution: Resolution): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#attempt = undefined;
    this.#withdrawAll();
    this.#host.onClosed(resolution);
  }

  #later(delay: number, act: () => void): void {
    this.#pending.push(this.#host.agenda.after(delay, act));
  }

  #withdrawAll(): void {
    for (const withdraw of this.#pending) withdraw();
    this.#pending = [];
  }
}
