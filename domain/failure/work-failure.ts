import type { FailureType } from './failure-type.ts';

/** The failure that ended an attempt at a node's work. */
export interface WorkFailure {
  readonly step: string;
  readonly reason: FailureType;
  readonly message: string;
  /** The words of the failed party, if `message` adds to them. */
  readonly error?: string;
}
