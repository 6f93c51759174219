/**
 * The kinds of failure that no retry fixes, as they cross the activity boundary in `ApplicationFailure.type`. Wire
 * names: stored in histories and in `status.plan.lastFailure.reason`. `failure-policy.ts` gives each a meaning.
 */
export const FailureType = {
  /** The spec asks for something that cannot be rendered. A changed spec fixes it. */
  InvalidSpec: 'InvalidSpec',
  /** An object of the node's name belongs to somebody else's controller. */
  ForeignOwner: 'ForeignOwner',
  /** A StatefulSet of the node's name cannot become the node's: an immutable field differs. */
  Incompatible: 'Incompatible',
  /** More than one replica: two pods with one signing key would double-sign. */
  TooManyReplicas: 'TooManyReplicas',
  /** The API server refuses this write itself: 400, 403, 422, quota, admission. */
  Refused: 'Refused',
  /** The imported claim can never be the node's volume. Another claim of the name fixes it. */
  PVCInvalid: 'PVCInvalid',
  /** Somebody started a run with an input that does not fit its workflow id. It ends the run. */
  InvalidInput: 'InvalidInput',
  /** The sidecar ran a task and the task failed. */
  SidecarTaskFailed: 'SidecarTaskFailed',
  /** Anything without a name here: a bug, an activity that somebody failed by hand. */
  Unexpected: 'Unexpected',
} as const;

export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** Returns whether a reason is that of a failure, rather than that of a trouble of the pod. */
export function isFailureType(reason: string): boolean {
  return Object.values(FailureType).some((type) => type === reason);
}

/** Returns the failure that a wire value names; `Unexpected` for any other value. */
export function failureTypeOf(wireValue: unknown): FailureType {
  const known = Object.values(FailureType).find((type) => type === wireValue);
  return known ?? FailureType.Unexpected;
}
