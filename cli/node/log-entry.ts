import type { RunEvent } from './run-event.ts';

/** One thing that happened to a node, from either source. */
export interface LogEntry {
  /** Milliseconds since the epoch, rounded down to the resolution. */
  readonly atMs: number;
  readonly resolutionMs: 1 | 1_000;
  readonly source: 'kubernetes' | 'temporal';
  /** Makes bad news stand out. */
  readonly isWarning: boolean;
  /** One word: the reason of an Event, or what happened in the run. */
  readonly what: string;
  readonly message: string;
}

/** A Kubernetes Event about the node, reduced to what the log shows. */
export interface NodeEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** The time at which it was last seen, in milliseconds since the epoch, rounded down to the resolution. */
  readonly atMs: number;
  readonly resolutionMs: 1 | 1_000;
}

export function entryOfEvent(event: NodeEvent): LogEntry {
  const { type, reason, message, count, atMs, resolutionMs } = event;
  return {
    atMs,
    resolutionMs,
    source: 'kubernetes',
    isWarning: type === 'Warning',
    what: reason,
    message: count > 1 ? `${message} (${count} times)` : message,
  };
}

/**
 * Makes entries of the events of one run, in the order in which they happened. Remembers each scheduled step, because
 * the event of its end names it only by number.
 */
export function runNarrator(runId: string): (event: RunEvent) => LogEntry {
  const steps = new Map<string, { readonly step: string; readonly atMs: number }>();
  return (event) => {
    const entry = (what: string, message: string, isWarning = false): LogEntry => ({
      atMs: event.atMs,
      resolutionMs: 1,
      source: 'temporal',
      isWarning,
      what,
      message,
    });
    switch (event.kind) {
      case 'run-started':
        return entry('run-started', `${event.type}, run ${runId}`);
      case 'run-ended': {
        const why = event.message === undefined ? '' : `: ${event.message}`;
        const isGood = event.how === 'completed' || event.how === 'continued as new';
        return entry('run-ended', `${event.how}${why}`, !isGood);
      }
      case 'step-scheduled':
        steps.set(event.id, event);
        return entry('step-began', event.step);
      case 'step-retried': {
        const step = steps.get(event.scheduled)?.step ?? '(unknown step)';
        return entry('step-retried', `${step}, attempt ${event.attempt}: ${event.message}`, true);
      }
      case 'step-ended': {
        const { step = '(unknown step)', atMs = event.atMs } = steps.get(event.scheduled) ?? {};
        const took = `${Math.round(event.atMs - atMs)} ms`;
        const why = event.message === undefined ? '' : `: ${event.message}`;
        const isGood = event.how === 'completed' || event.how === 'cancelled';
        return entry('step-ended', `${step} ${event.how} after ${took}${why}`, !isGood);
      }
      case 'signalled':
        return entry('signal', event.name);
      case 'update-accepted':
        return entry('update', event.name);
      case 'update-refused':
        return entry('update-refused', event.message, true);
    }
  };
}

/**
 * Sorts the entries by time. An Event is written after the thing that it reports, so one whose time has whole seconds
 * comes at the end of its second.
 */
export function inOrder(entries: readonly LogEntry[]): readonly LogEntry[] {
  const end = ({ atMs, resolutionMs }: LogEntry): number => atMs + resolutionMs;
  return entries.toSorted((one, other) => end(one) - end(other));
}
