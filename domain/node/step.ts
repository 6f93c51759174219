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

/** The sidecar's tasks on the data volume, between `observe-image` and `mark-ready` of a bring-up. */
export const SIDECAR_TASK_STEPS = [
  'snapshot-restore',
  'configure-genesis',
  'config-apply',
  'discover-peers',
  'configure-state-sync',
  'config-validate',
] as const;

/** The steps for a node that another operator runs: they do not touch its pod. */
export const TAKE_OVER_STEPS = [
  'apply-rbac-proxy-config',
  'apply-statefulset',
  'apply-service',
  'take-over',
] as const;

/** A step that exists only while another node uses a mount of this one's pod. */
type AwaitMountsStep = 'await-mounts';
export type UpdateStep = (typeof UPDATE_STEPS)[number] | AwaitMountsStep | 'config-patch';
export type SidecarTaskStep = (typeof SIDECAR_TASK_STEPS)[number];
export type InitStep = (typeof INIT_STEPS)[number] | SidecarTaskStep;
export type TakeOverStep = (typeof TAKE_OVER_STEPS)[number];
/** The steps for a deleted node: its objects go before it does. */
export type DeleteStep =
  | 'delete-statefulset'
  | 'await-pods-gone'
  | 'delete-data-pvc'
  | 'remove-finalizer';
export type Step = UpdateStep | InitStep | TakeOverStep | DeleteStep;

/** Returns the steps of a bring-up with these tasks for the sidecar. */
export function initSteps(tasks: readonly SidecarTaskStep[]): readonly Step[] {
  return insertedBefore(INIT_STEPS, 'mark-ready', tasks);
}

/** Returns the steps of an update; includes config-patch only if there is something to patch. */
export function updateSteps(patchesConfig: boolean): readonly Step[] {
  return insertedBefore(UPDATE_STEPS, 'replace-pod', patchesConfig ? ['config-patch'] : []);
}

function insertedBefore(
  steps: readonly Step[],
  before: Step,
  inserted: readonly Step[],
): readonly Step[] {
  return steps.flatMap((step) => (step === before ? [...inserted, step] : [step]));
}
