import { textOf, valueAt } from '../node/raw-object.ts';
import type { Step } from '../node/step.ts';

/** `waiting`: may take days. `dispensable`: the work goes on if it fails. */
export type Bounds = 'quick' | 'waiting' | 'dispensable';

export type ActivityRow<Name extends string = string> = { readonly bounds: Bounds } & (
  | { readonly kind: 'step'; readonly name: Name }
  /** Performs the step that the task in its input names. */
  | { readonly kind: 'task' }
  /** Performs no step of a plan: the name is for the Web UI and for failures. */
  | { readonly kind: 'bookkeeping'; readonly name: string }
);

/** The activities of SeiNodes by their wire names: the name that people see, and the time limits. */
export const ACTIVITIES = {
  beginUpdate: { kind: 'bookkeeping', name: 'begin', bounds: 'quick' },
  finishUpdate: { kind: 'bookkeeping', name: 'finish', bounds: 'quick' },
  failUpdate: { kind: 'bookkeeping', name: 'record failure', bounds: 'quick' },
  beginInit: { kind: 'bookkeeping', name: 'begin', bounds: 'quick' },
  finishInit: { kind: 'bookkeeping', name: 'finish', bounds: 'quick' },
  failInit: { kind: 'bookkeeping', name: 'record failure', bounds: 'quick' },
  beginSync: { kind: 'bookkeeping', name: 'begin', bounds: 'quick' },
  finishSync: { kind: 'bookkeeping', name: 'finish', bounds: 'quick' },
  failSync: { kind: 'bookkeeping', name: 'record failure', bounds: 'quick' },
  beginDelete: { kind: 'bookkeeping', name: 'begin', bounds: 'quick' },
  recordStall: { kind: 'bookkeeping', name: 'record stall', bounds: 'quick' },
  checkProgress: { kind: 'bookkeeping', name: 'check progress', bounds: 'quick' },
  steer: { kind: 'bookkeeping', name: 'steer', bounds: 'quick' },
  decideDueWork: { kind: 'bookkeeping', name: 'decide', bounds: 'quick' },
  readTarget: { kind: 'bookkeeping', name: 'decide', bounds: 'quick' },
  ensureDataPvc: { kind: 'step', name: 'ensure-data-pvc', bounds: 'quick' },
  applyRbacProxyConfig: { kind: 'step', name: 'apply-rbac-proxy-config', bounds: 'quick' },
  applyStatefulSet: { kind: 'step', name: 'apply-statefulset', bounds: 'quick' },
  awaitMounts: { kind: 'step', name: 'await-mounts', bounds: 'waiting' },
  applyService: { kind: 'step', name: 'apply-service', bounds: 'quick' },
  configPatch: { kind: 'step', name: 'config-patch', bounds: 'dispensable' },
  replacePod: { kind: 'step', name: 'replace-pod', bounds: 'waiting' },
  observeImage: { kind: 'step', name: 'observe-image', bounds: 'waiting' },
  runSidecarTask: { kind: 'task', bounds: 'waiting' },
  markReady: { kind: 'step', name: 'mark-ready', bounds: 'waiting' },
  takeOver: { kind: 'step', name: 'take-over', bounds: 'quick' },
  deleteStatefulSet: { kind: 'step', name: 'delete-statefulset', bounds: 'quick' },
  awaitPodsGone: { kind: 'step', name: 'await-pods-gone', bounds: 'waiting' },
  deleteDataPvc: { kind: 'step', name: 'delete-data-pvc', bounds: 'quick' },
  removeFinalizer: { kind: 'step', name: 'remove-finalizer', bounds: 'quick' },
} as const satisfies Readonly<Record<string, ActivityRow<Step>>>;

/**
 * Returns the step that a call of an activity performs: its one name in status, the Web UI, logs and metrics.
 *
 * @param input of the call, whoever made it
 */
export function stepOf(row: ActivityRow, input: unknown): string | undefined {
  switch (row.kind) {
    case 'step':
      return row.name;
    case 'task':
      return textOf(valueAt(input, 'task', 'type')) || undefined;
    case 'bookkeeping':
      return undefined;
  }
}

/** Returns the name of a call in the Web UI and in failures: its step, if it performs one. */
export function shownAs(activityType: string, row: ActivityRow, input: unknown): string {
  return (row.kind === 'bookkeeping' ? row.name : stepOf(row, input)) ?? activityType;
}
