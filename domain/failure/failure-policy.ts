import type { FailureType } from './failure-type.ts';

/** The meaning of a kind of failure for the work that it ended. */
export interface FailurePolicy {
  /**
   * The time at which the operator retries on its own. `on-change`: time does not fix it, a changed object
   * or a person does; an attempt now and then notices a changed installation. `now-and-then`: time may fix
   * it, and nobody sees when. `back-off`: it may be over at any moment.
   */
  readonly retry: 'on-change' | 'now-and-then' | 'back-off';
  /**
   * The place where people see it. `failure`: the plan has failed, and the next attempt has a plan of its
   * own. `stall`: something outside blocks the plan, which goes on.
   */
  readonly shows: 'failure' | 'stall';
  /** True if it ends a bring-up for good: only another spec, or a person, starts the next one. */
  readonly endsBringUp: boolean;
}

/** The one table of failures and their meaning. A new kind does not compile until it has its line. */
export const FAILURE_POLICY = {
  InvalidSpec: { retry: 'on-change', shows: 'failure', endsBringUp: false },
  Incompatible: { retry: 'on-change', shows: 'failure', endsBringUp: false },
  TooManyReplicas: { retry: 'on-change', shows: 'failure', endsBringUp: false },
  // The watcher signals a StatefulSet that has gone, but nobody watches claims.
  ForeignOwner: { retry: 'now-and-then', shows: 'failure', endsBringUp: false },
  // A quota or an admission policy blocks the node just as a pod that cannot be scheduled does.
  Refused: { retry: 'back-off', shows: 'stall', endsBringUp: false },
  // The sidecar's tasks have retry budgets of their own, which are used up by then.
  SidecarTaskFailed: { retry: 'back-off', shows: 'failure', endsBringUp: true },
  // Nobody can change the claim's name in the spec, nor the fault of the claim.
  PVCInvalid: { retry: 'on-change', shows: 'failure', endsBringUp: true },
  // It ends the run before there is any work; the next run has an input of its own.
  InvalidInput: { retry: 'on-change', shows: 'failure', endsBringUp: false },
  Unexpected: { retry: 'back-off', shows: 'failure', endsBringUp: false },
} as const satisfies Record<FailureType, FailurePolicy>;

/** Returns the policy for a failure, as the type that all policies share. */
export function failurePolicy(type: FailureType): FailurePolicy {
  return FAILURE_POLICY[type];
}
