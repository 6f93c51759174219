/** The types of work that `seictl serve` knows; it refuses any other. */
export const TASK_TYPES = [
  'mark-ready',
  'mark-not-ready',
  'configure-genesis',
  'config-apply',
  'config-patch',
  'config-validate',
  'discover-peers',
  'configure-state-sync',
  'snapshot-restore',
] as const;

export type TaskType = (typeof TASK_TYPES)[number];

/** A task as the API shows it. Times are RFC 3339. */
export interface Task {
  readonly id: string;
  readonly type: TaskType;
  readonly status: 'running' | 'completed' | 'failed';
  /** The number of submissions that began it: 1, and one more for each after a failure. */
  readonly run: number;
  readonly params?: unknown;
  readonly error?: string;
  readonly submittedAt: string;
  readonly completedAt?: string;
}

export interface Submission {
  readonly id: string;
  readonly type: TaskType;
  readonly params?: unknown;
}

/**
 * Decides what a submission does to the task of its id: an id that runs or has completed is left alone, without a sign
 * to the caller; one that has failed runs again.
 *
 * @returns the task to run, or undefined when there is nothing to do
 */
export function taskFor(
  submission: Submission,
  existing: Task | undefined,
  now: Date,
): Task | undefined {
  if (existing !== undefined && existing.status !== 'failed') return undefined;
  return {
    ...submission,
    status: 'running',
    run: (existing?.run ?? 0) + 1,
    submittedAt: now.toISOString(),
  };
}
