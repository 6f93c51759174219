import type { RunEvent } from './run-event.ts';

/** The milliseconds that each step took or has taken so far, without the steps that nobody knows of. */
export type StepDurations = ReadonlyMap<string, number>;

/**
 * Returns the durations of the steps from the history of their run: from the first attempt to the end of the last, or
 * to now for a step under way.
 *
 * @param sinceMs milliseconds since the epoch; an earlier step belongs to another plan
 */
export function stepDurations(
  events: readonly RunEvent[],
  sinceMs: number,
  nowMs: number,
): StepDurations {
  const stepOf = new Map<string, string>();
  const begins = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const event of events) {
    if (event.kind === 'step-scheduled' && event.atMs >= sinceMs) {
      stepOf.set(event.id, event.step);
      if (!begins.has(event.step)) begins.set(event.step, event.atMs);
      ends.delete(event.step);
    }
    const ended = event.kind === 'step-ended' ? stepOf.get(event.scheduled) : undefined;
    if (ended !== undefined) ends.set(ended, event.atMs);
  }
  return new Map(
    [...begins].map(([step, began]) => [step, (ends.get(step) ?? nowMs) - began] as const),
  );
}
