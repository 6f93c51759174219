/** How work begins: what each beginning is asked, and what it answers. */
import type { ConfigPatch } from '../../domain/config-patch.ts';
import type { IdentifiedTask, NewTaskIds } from '../../domain/identified-tasks.ts';
import type { AppliedStatefulSet } from '../../domain/pod-replacement.ts';
import type { ProgressPolicy } from '../../domain/progress-deadline.ts';
import type { Hold } from '../../domain/sei-node-status.ts';
import type { SidecarState } from '../../domain/sidecar-state.ts';
import type { Stall } from '../../domain/stall.ts';
import type { Target } from '../../domain/target.ts';
import type { NodeGone, NotDue, PlanRef } from './plan.ts';

export interface BeginInput extends PlanRef {
  readonly workflowId: string;
}

export interface BeginInitInput extends BeginInput {
  /** Made by the workflow, for what status has no id of yet. */
  readonly newTaskIds: NewTaskIds;
}

/** The objects have to be made as the spec wants them. */
export interface SyncBegun {
  readonly kind: 'begun';
  readonly generation: number;
  readonly target: Target;
  readonly policy: ProgressPolicy;
  /** Whether there are objects to apply; a node that is paused at its birth has none. */
  readonly applies: boolean;
  /** Whether a sidecar has to be marked ready: of a pod that comes up, or one that restarted. */
  readonly marksReady: boolean;
  /** Whether the node is paused, so that no pod of it is to be left. */
  readonly scalesDown?: boolean;
  /** Set while somebody holds the node: then nothing is applied, and its pod is only let through. */
  readonly hold?: Hold;
  /** The StatefulSet as it was found, for a sync that applies nothing. */
  readonly statefulSet?: AppliedStatefulSet;
  /** What a probe of the sidecar found. */
  readonly sidecar: SidecarState | undefined;
  /** What status says that the node is held back by. */
  readonly stall?: Stall | undefined;
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
  /** What status says that the node is held back by, from an attempt before this one. */
  readonly stall?: Stall | undefined;
}

export interface UpdateBegun extends Begun {
  /** What is to be patched in the configuration before the pod is replaced; mostly nothing. */
  readonly configPatch?: ConfigPatch;
}

export interface InitBegun extends Begun {
  /** What the sidecar has to do before the node may start. */
  readonly tasks: readonly IdentifiedTask[];
}

/** Another operator ran the node so far, or nobody knows who did: its pod goes on. */
export interface TakeOverBegun extends Omit<Begun, 'kind'> {
  readonly kind: 'taking-over';
  /** Whether its seid may wait for the sidecar to be marked ready. */
  readonly marksReady: boolean;
}

export type BeginUpdateResult = NodeGone | UpdateBegun | NotDue;

export type BeginInitResult = NodeGone | InitBegun | NotDue | TakeOverBegun;
