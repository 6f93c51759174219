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

/** What the sidecar does on the data volume between `observe-image` and `mark-ready` of a bring-up. */
export const SIDECAR_TASK_STEPS = [
  'snapshot-restore',
  'configure-genesis',
  'config-apply',
  'discover-peers',
  'configure-state-sync',
  'config-validate',
] as const;

/** A node that another operator runs is taken over without touching its pod. */
export const TAKE_OVER_STEPS = [
  'apply-rbac-proxy-config',
  'apply-statefulset',
  'apply-service',
  'take-over',
] as const;

/** Another node has what the pod would mount; only then there is this step. */
type AwaitMountsStep = 'await-mounts';
export type UpdateStep = (typeof UPDATE_STEPS)[number] | AwaitMountsStep | 'config-patch';
export type SidecarTaskStep = (typeof SIDECAR_TASK_STEPS)[number];
export type InitStep = (typeof INIT_STEPS)[number] | SidecarTaskStep;
export type TakeOverStep = (typeof TAKE_OVER_STEPS)[number];
/** What a deleted node holds goes before it does. */
export type DeleteStep =
  | 'delete-statefulset'
  | 'await-pods-gone'
  | 'delete-data-pvc'
  | 'remove-finalizer';
export type Step = UpdateStep | InitStep | TakeOverStep | DeleteStep;

/** The steps of a bring-up whose sidecar has these tasks to do. */
export function initSteps(tasks: readonly SidecarTaskStep[]): readonly Step[] {
  return insertedBefore(INIT_STEPS, 'mark-ready', tasks);
}

/** The steps of an update; the configuration is patched only where there is something to patch. */
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
