/** An event of a run that people who follow it want to know. */
export type RunEvent = RunEventDetail & {
  /** The event's number in the history of the run, from 1. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
};

export type RunEventDetail =
  | { readonly kind: 'run-started'; readonly type: string }
  | { readonly kind: 'run-ended'; readonly how: RunEnd; readonly message?: string }
  | { readonly kind: 'step-scheduled'; readonly step: string }
  | {
      readonly kind: 'step-ended';
      /** The id of the event that scheduled it. */
      readonly scheduled: string;
      readonly how: 'completed' | 'failed' | 'timed out' | 'cancelled';
      readonly message?: string;
    }
  /** The attempt that ended it, and why the one before had failed. */
  | {
      readonly kind: 'step-retried';
      readonly scheduled: string;
      readonly attempt: number;
      readonly message: string;
    }
  | { readonly kind: 'signalled'; readonly name: string }
  | { readonly kind: 'update-accepted'; readonly name: string }
  | { readonly kind: 'update-refused'; readonly message: string };

export type RunEnd =
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'terminated'
  | 'timed out'
  | 'continued as new';
