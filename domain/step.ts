/**
 * The steps, by the names that users of the original operator know. A step has this one name in
 * status, in the Web UI, and as the file of its activity.
 */
export const UPDATE_STEPS = [
  'apply-statefulset',
  'apply-service',
  'replace-pod',
  'observe-image',
  'mark-ready',
] as const;

export const INIT_STEPS = [
  'ensure-data-pvc',
  'apply-rbac-proxy-config',
  'apply-statefulset',
  'apply-service',
  'observe-image',
  'mark-ready',
] as const;

/** A node that another operator runs is taken over without touching its pod. */
export const TAKE_OVER_STEPS = [
  'apply-rbac-proxy-config',
  'apply-statefulset',
  'apply-service',
  'take-over',
] as const;

export type UpdateStep = (typeof UPDATE_STEPS)[number];
export type InitStep = (typeof INIT_STEPS)[number];
export type TakeOverStep = (typeof TAKE_OVER_STEPS)[number];
/** What a deleted node holds goes before it does. */
export type DeleteStep = 'delete-statefulset' | 'delete-data-pvc' | 'remove-finalizer';
export type Step = UpdateStep | InitStep | TakeOverStep | DeleteStep;
