/** The beginnings of work: their inputs and answers. */

import type { Hold } from '../../domain/node/sei-node-status.ts';
import type { ShownStall } from '../../domain/node/stall.ts';
import type { Target } from '../../domain/node/target.ts';
import type { AppliedStatefulSet } from '../../domain/pod/pod-replacement.ts';
import type { ConfigPatch } from '../../domain/sidecar/config-patch.ts';
import type { IdentifiedTask, NewTaskIds } from '../../domain/sidecar/identified-tasks.ts';
import type { SidecarState } from '../../domain/sidecar/sidecar-state.ts';
import type { ProgressPolicy } from '../../domain/work/progress-deadline.ts';
import type { NodeGone, NotDue, PlanRef } from './plan.ts';

export interface BeginInput extends PlanRef {
  readonly workflowId: string;
}

export interface BeginInitInput extends BeginInput {
  /** Made by the workflow, for tasks that have no id on status yet. */
  readonly newTaskIds: NewTaskIds;
}

/** The sync has begun: the objects converge to the spec. */
export interface SyncBegun {
  readonly kind: 'begun';
  readonly generation: number;
  readonly target: Target;
  readonly policy: ProgressPolicy;
  /** True when there are objects to apply; a node that is paused at its birth has none. */
  readonly applies: boolean;
  /** True when a sidecar has to be marked ready: that of a pod that comes up, or one that restarted. */
  readonly marksReady: boolean;
  /** True when the node is paused, so that no pod of it may be left. */
  readonly scalesDown?: boolean;
  /** Set while somebody holds the node: then nothing is applied, and its pod is only let through. */
  readonly hold?: Hold;
  /** The StatefulSet as it was found, for a sync that applies nothing. */
  readonly statefulSet?: AppliedStatefulSet;
  /** The state that a probe of the sidecar found. */
  readonly sidecar: SidecarState | undefined;
  /** The stall on status. */
  readonly stall?: ShownStall | undefined;
}

export type BeginSyncResult = NodeGone | NotDue | SyncBegun;

export type BeginDeleteResult = NodeGone | NotDue | { readonly kind: 'begun' };

/** The work has begun, for exactly this generation of the spec. */
export interface Begun {
  readonly kind: 'begun';
  readonly generation: number;
  readonly target: Target;
  readonly previousImage: string | undefined;
  readonly policy: ProgressPolicy;
  /** The stall on status, from an earlier attempt. */
  readonly stall?: ShownStall | undefined;
}

export interface UpdateBegun extends Begun {
  /** The patch of the configuration before the pod is replaced; mostly absent. */
  readonly configPatch?: ConfigPatch;
}

export interface InitBegun extends Begun {
  /** The tasks of the sidecar before the node may start. */
  readonly tasks: readonly IdentifiedTask[];
}

/** Another operator ran the node so far, or nobody knows who did: its pod keeps running. */
export interface TakeOverBegun extends Omit<Begun, 'kind'> {
  readonly kind: 'taking-over';
  /** True when its seid may wait for the sidecar to be marked ready. */
  readonly marksReady: boolean;
}

export type BeginUpdateResult = NodeGone | UpdateBegun | NotDue;

export type BeginInitResult = NodeGone | InitBegun | NotDue | TakeOverBegun;
