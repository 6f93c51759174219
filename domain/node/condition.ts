import { conditionReason, statusText } from './status-text.ts';

export type ConditionStatus = 'True' | 'False' | 'Unknown';

export type ConditionType =
  | 'Ready'
  | 'NodeUpdateInProgress'
  | 'Paused'
  | 'SidecarReady'
  | 'Stalled'
  | 'PodCurrent'
  | 'ConfigCurrent'
  /** The pod of a node at rest: False while it does not serve. Ready follows from it. */
  | 'PodRunning'
  | 'ImportPVCReady'
  | 'SigningKeyReady'
  | 'NodeKeyReady'
  | 'OperatorKeyringReady';

/** A condition as the Kubernetes API conventions define it. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; changes only when `status` does. */
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** The part of a condition that a writer decides; the rest follows from the condition before it. */
export interface ConditionUpdate {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  /** `conditionReason` turns a reason that the CRD refuses into `Unexpected`. */
  readonly reason: string;
  /** `statusText` cleans and bounds it. */
  readonly message: string;
}

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/**
 * Returns the conditions with one of them set. Keeps the transition time while the status stays the same,
 * so that people can read "since when" from it.
 *
 * @param now RFC 3339.
 */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  update: ConditionUpdate,
  observedGeneration: number,
  now: string,
): readonly Condition[] {
  const previous = findCondition(conditions, update.type);
  const next: Condition = {
    ...update,
    reason: conditionReason(update.reason),
    message: statusText(update.message),
    observedGeneration,
    lastTransitionTime: previous?.status === update.status ? previous.lastTransitionTime : now,
  };
  if (previous === undefined) return [...(conditions ?? []), next];
  return (conditions ?? []).map((condition) => (condition === previous ? next : condition));
}
