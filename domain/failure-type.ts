/**
 * The kinds of failure that no retry mends, as they cross the activity boundary in
 * `ApplicationFailure.type`. Wire names: stored in histories and in `status.plan.lastFailure.reason`.
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
  /** The SeiNode is gone, or is another one of the same name. */
  NodeGone: 'NodeGone',
  /** A run was started with an input that is none for its workflow id. It ends the run. */
  InvalidInput: 'InvalidInput',
  /** The sidecar ran a task and the task failed. */
  SidecarTaskFailed: 'SidecarTaskFailed',
} as const;

export type FailureType = (typeof FailureType)[keyof typeof FailureType];
