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

/** A condition by the Kubernetes API conventions. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; changes only when `status` does. */
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** What a writer decides about a condition; the rest follows from what was there before. */
export interface ConditionUpdate {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  /** One that the CRD does not take becomes `Unexpected`. */
  readonly reason: string;
  /** Cleaned and bounded. */
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
 * The conditions with one of them set. The transition time is kept while the status stays the same,
 * so that "since when" can be read from it.
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
