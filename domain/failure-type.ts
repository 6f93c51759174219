/**
 * The kinds of failure that no retry mends, as they cross the activity boundary in
 * `ApplicationFailure.type`. Wire names: stored in histories and in `status.plan.lastFailure.reason`.
 * `failure-policy.ts` says what each of them means.
 */
export const FailureType = {
  /** The spec asks for something that cannot be rendered. Mended by a change of the spec. */
  InvalidSpec: 'InvalidSpec',
  /** An object of the node's name belongs to somebody else's controller. */
  ForeignOwner: 'ForeignOwner',
  /** A StatefulSet of the node's name cannot become the node's: an immutable field differs. */
  Incompatible: 'Incompatible',
  /** More than one replica: two pods with one signing key would double-sign. */
  TooManyReplicas: 'TooManyReplicas',
  /** The API server refuses the write as such: 400, 403, 422, quota, admission. */
  Refused: 'Refused',
  /** The imported claim can never be the node's volume. Mended by another claim of the name. */
  PVCInvalid: 'PVCInvalid',
  /** A run was started with an input that is none for its workflow id. It ends the run. */
  InvalidInput: 'InvalidInput',
  /** The sidecar ran a task and the task failed. */
  SidecarTaskFailed: 'SidecarTaskFailed',
  /** Whatever has no name here: a bug, an activity that was failed by hand. */
  Unexpected: 'Unexpected',
} as const;

export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** Whether a reason is that of a failure, and not that of a trouble of the pod. */
export function isFailureType(reason: string): boolean {
  return Object.values(FailureType).some((type) => type === reason);
}

/** The failure that a wire value names; what has no name here is unexpected. */
export function failureTypeOf(wireValue: unknown): FailureType {
  const known = Object.values(FailureType).find((type) => type === wireValue);
  return known ?? FailureType.Unexpected;
}
