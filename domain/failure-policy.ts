import type { FailureType } from './failure-type.ts';

/** What a kind of failure means for the work that it ended. */
export interface FailurePolicy {
  /**
   * When the work is tried again by itself. `on-change`: time does not mend it, a changed object or a
   * person does; an attempt now and then sees that the installation was changed. `now-and-then`: time
   * may mend it, and nobody sees when. `back-off`: it may be over at any moment.
   */
  readonly retry: 'on-change' | 'now-and-then' | 'back-off';
  /**
   * Where people see it. `failure`: the plan has failed, and the next attempt has a plan of its own.
   * `stall`: something outside holds up the plan, which goes on.
   */
  readonly shows: 'failure' | 'stall';
  /** Whether it ends a bring-up for good: the next one takes another spec, or a person. */
  readonly endsBringUp: boolean;
}

/** The one table of what failures mean. A new kind does not compile until it has its line. */
export const FAILURE_POLICY = {
  InvalidSpec: { retry: 'on-change', shows: 'failure', endsBringUp: false },
  Incompatible: { retry: 'on-change', shows: 'failure', endsBringUp: false },
  TooManyReplicas: { retry: 'on-change', shows: 'failure', endsBringUp: false },
  // The watcher tells of a StatefulSet that has gone, but nobody watches claims.
  ForeignOwner: { retry: 'now-and-then', shows: 'failure', endsBringUp: false },
  // A quota or an admission policy holds the node back like a pod that cannot be scheduled does.
  Refused: { retry: 'back-off', shows: 'stall', endsBringUp: false },
  // The sidecar's tasks have budgets of their own, which are used up by then.
  SidecarTaskFailed: { retry: 'back-off', shows: 'failure', endsBringUp: true },
  // Neither the spec's name of the claim nor what is wrong with the claim can be changed.
  PVCInvalid: { retry: 'on-change', shows: 'failure', endsBringUp: true },
  // It ends the run before there is any work; the next one has an input of its own.
  InvalidInput: { retry: 'on-change', shows: 'failure', endsBringUp: false },
  Unexpected: { retry: 'back-off', shows: 'failure', endsBringUp: false },
} as const satisfies Record<FailureType, FailurePolicy>;

/** The policy for a failure, as one of the shape that all of them have. */
export function failurePolicy(type: FailureType): FailurePolicy {
  return FAILURE_POLICY[type];
}
