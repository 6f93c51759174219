/**
 * What workflows may ask of the world, as types only: the sandbox compiles this file without Node's
 * globals. Every value crosses the wire and lives in histories, so a changed shape is a change of
 * the workflow.
 */
import type { ConfigPatch } from '../domain/config-patch.ts';
import type { DueWork } from '../domain/due-work.ts';
import type { IdentifiedTask, NewTaskIds } from '../domain/identified-tasks.ts';
import type { NodeRef } from '../domain/node-ref.ts';
import type { AppliedStatefulSet } from '../domain/pod-replacement.ts';
import type { ProgressPolicy } from '../domain/progress-deadline.ts';
import type { RunningPod } from '../domain/rollout.ts';
import type { Hold } from '../domain/sei-node.ts';
import type { SidecarState } from '../domain/sidecar-state.ts';
import type { Stall } from '../domain/stall.ts';
import type { Command, SteeringResult } from '../domain/steering.ts';
import type { Target } from '../domain/target.ts';
import type { WorkFailure } from '../domain/work-failure.ts';

/** Names the work on a node: whose it is, and under which plan of status it is recorded. */
export interface PlanRef {
  readonly node: NodeRef;
  readonly planId: string;
}

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

/** The node is missing, is another one of its name, or is being deleted: its run ends. */
export interface NodeGone {
  readonly kind: 'gone';
}

/** The same, as a live read tells: it knows whether another node has the name. */
export interface NodeMissing extends NodeGone {
  readonly successor?: NodeRef;
}

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

/** Other work is due, or none. */
export interface NotDue {
  readonly kind: 'not-due';
  readonly due: DueWork;
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

/** The spec asks for another target by now: the work goes on from its beginning. */
export interface Superseded {
  readonly kind: 'superseded';
}

/** An attempt at exactly this target, begun at exactly this generation of the spec. */
export interface AttemptInput extends PlanRef {
  readonly target: Target;
  /** A cached spec that is older than this is neither rendered nor believed. */
  readonly generation: number;
}

export type ApplyStatefulSetResult =
  | NodeGone
  | Superseded
  | { readonly kind: 'applied'; readonly statefulSet: AppliedStatefulSet }
  /** The identity was cleared, and what had the name deleted: nothing is applied in that pass. */
  | { readonly kind: 'again' }
  /** Another node has what the pod would mount: nothing is applied. */
  | { readonly kind: 'mounts-in-use' };

export interface AwaitMountsInput extends AttemptInput, Stallable {}

export type AwaitMountsResult = NodeGone | Superseded | StallChange | { readonly kind: 'free' };

export interface RolloutInput extends AttemptInput {
  readonly statefulSet: AppliedStatefulSet;
}

export interface ReplacePodInput extends RolloutInput, Stallable {}

export type ReplacePodResult =
  | NodeGone
  | Superseded
  | StallChange
  | { readonly kind: 'replaced'; readonly pods: readonly string[] };

/** A step that waits while something may hold the node back, for days if need be. */
export interface Stallable {
  /** The stall that the caller knows of: the activity returns when it is another one, or none. */
  readonly known: Stall | undefined;
  /**
   * For how long another stall, or its end, is not worth to return for: a crash loop changes between the
   * two for days. A pod that runs its image is.
   */
  readonly patienceMs?: number;
}

/** What such a step tells while it has not ended: the caller records it, and calls the step again. */
export type StallChange =
  | { readonly kind: 'blocked'; readonly trouble: Stall }
  /** The known trouble is over and the work goes on. */
  | { readonly kind: 'unblocked' };

export interface ObserveImageInput extends RolloutInput, Stallable {
  /** `any`: no roll is under way, so the pod may run an older template. */
  readonly revision: 'newest' | 'any';
  /** The id of the task mark-ready that comes next, recorded before it is submitted. */
  readonly markReadyId?: string;
}

export type ObserveImageResult =
  | NodeGone
  | Superseded
  | StallChange
  | { readonly kind: 'complete'; readonly pod: RunningPod };

/** A task for the sidecar of the very pod that was observed. */
export interface SidecarRoundInput extends RolloutInput, Stallable {
  readonly pod: RunningPod;
  /** Made by the workflow, and on status before it is submitted. */
  readonly taskId: string;
}

/** What ends a round before the sidecar has done its task. */
export type SidecarRoundEnd =
  | NodeGone
  | Superseded
  | StallChange
  /** The sidecar does not know the task any more: the round has to be repeated with a new id. */
  | { readonly kind: 'forgotten' }
  | {
      readonly kind: 'task-failed';
      readonly error: string;
      /** Which of the task's runs it was, from 1; undefined where it is never begun again. */
      readonly run?: number;
    }
  /** The pod was replaced meanwhile: the rollout has to be observed again. */
  | { readonly kind: 'pod-lost' };

export type MarkReadyInput = SidecarRoundInput;
export type MarkReadyResult = SidecarRoundEnd | { readonly kind: 'ready' };

export interface RunSidecarTaskInput extends SidecarRoundInput {
  /** Says which task, by type and id: what it is, the plan on status says. */
  readonly task: IdentifiedTask;
  /** The run of the task whose failure the workflow has heard of: that one is begun again. */
  readonly failedRun: number | undefined;
}

export type RunSidecarTaskResult =
  | SidecarRoundEnd
  | { readonly kind: 'done' }
  /** seid works on the volume already, so nothing is begun beside it. */
  | { readonly kind: 'let-through' }
  /** The sidecar did not take the task: it does not know its type, or its store is out of order. */
  | { readonly kind: 'refused'; readonly error: string };

export interface ConfigPatchInput extends RolloutInput {
  /** Made by the workflow. */
  readonly taskId: string;
  /** What begin has found to be patched, for people who read the history: the live spec says what is. */
  readonly files: ConfigPatch;
}

export type ConfigPatchResult =
  | { readonly kind: 'patched' }
  | { readonly kind: 'skipped'; readonly reason: string };

export interface AwaitPodsGoneInput extends PlanRef, Stallable {
  /** Why no pod is to be left: the node is deleted, or its spec is paused. */
  readonly because: 'deleted' | 'paused';
}

export type AwaitPodsGoneResult =
  | NodeGone
  /** Of a pause: it is not asked for any more. */
  | Superseded
  | StallChange
  | { readonly kind: 'none-left' };

export type FinishResult = NodeGone | { readonly kind: 'finished'; readonly due: DueWork };

export interface FinishInitInput extends PlanRef {
  /** The spec's generation that was brought up. */
  readonly generation: number;
}

export interface FailInput extends PlanRef {
  readonly failure: WorkFailure;
}

export interface FailInitInput extends FailInput {
  /** The spec's generation that the failed attempt had begun with; none where it failed to begin. */
  readonly generation?: number | undefined;
}

export interface StallInput extends PlanRef {
  /** Undefined ends the stall. */
  readonly trouble: Stall | undefined;
  /** Set once the progress deadline has passed. */
  readonly exceeded?: Stall | undefined;
}

export interface FinishSyncInput extends PlanRef {
  /** What the sidecar answered last; undefined when nobody asked. */
  readonly sidecar: SidecarState | undefined;
}

export interface TargetNow {
  readonly generation: number;
  readonly target: Target;
}

export interface SteerInput extends PlanRef {
  readonly command: Command;
  /** `deadline`: the run itself asks, for this plan and for as long as that is under way. */
  readonly by: 'somebody' | 'deadline';
}

/** What is known of a plan that may be late, from live reads. */
export interface ProgressChecked {
  readonly kind: 'checked';
  /** How far the pod has come; see `podStage`. */
  readonly stage: number;
  /** A pod of the node is being deleted and has time left: nobody is late while it takes that. */
  readonly isPodInGrace?: boolean;
  /** As the spec has it now. */
  readonly policy: ProgressPolicy;
  /** Why the plan cannot be rolled back by itself; undefined where it can. */
  readonly notRolledBack: string | undefined;
}

export type CheckProgressResult = NodeGone | ProgressChecked;

/** The bookkeeping of a node's status: one guarded patch each, and an Event. */
export interface StatusActivities {
  beginUpdate(input: BeginInput): Promise<BeginUpdateResult>;
  finishUpdate(input: PlanRef): Promise<FinishResult>;
  failUpdate(input: FailInput): Promise<void>;
  beginInit(input: BeginInitInput): Promise<BeginInitResult>;
  finishInit(input: FinishInitInput): Promise<FinishResult | Superseded>;
  failInit(input: FailInitInput): Promise<void>;
  beginSync(input: BeginInput): Promise<BeginSyncResult>;
  finishSync(input: FinishSyncInput): Promise<FinishResult>;
  failSync(input: FailInput): Promise<void>;
  beginDelete(input: BeginInput): Promise<BeginDeleteResult>;
  recordStall(input: StallInput): Promise<void>;
  checkProgress(input: PlanRef): Promise<CheckProgressResult>;
  steer(input: SteerInput): Promise<NodeGone | SteeringResult>;
}

/** What the node owns beside its StatefulSet is rendered from its spec alone. */
export interface OwnedInput extends PlanRef {
  /** The spec generation of the attempt, at least; by default whatever is known of the node. */
  readonly generation?: number;
}

/** The steps that change or watch what the node is made of. */
export interface StepActivities {
  ensureDataPvc(input: PlanRef): Promise<void>;
  applyRbacProxyConfig(input: OwnedInput): Promise<void>;
  applyStatefulSet(input: AttemptInput): Promise<ApplyStatefulSetResult>;
  awaitMounts(input: AwaitMountsInput): Promise<AwaitMountsResult>;
  applyService(input: OwnedInput): Promise<void>;
  configPatch(input: ConfigPatchInput): Promise<ConfigPatchResult>;
  replacePod(input: ReplacePodInput): Promise<ReplacePodResult>;
  observeImage(input: ObserveImageInput): Promise<ObserveImageResult>;
  runSidecarTask(input: RunSidecarTaskInput): Promise<RunSidecarTaskResult>;
  markReady(input: MarkReadyInput): Promise<MarkReadyResult>;
  takeOver(input: AttemptInput): Promise<FinishResult>;
  deleteStatefulSet(input: PlanRef): Promise<void>;
  awaitPodsGone(input: AwaitPodsGoneInput): Promise<AwaitPodsGoneResult>;
  deleteDataPvc(input: PlanRef): Promise<void>;
  removeFinalizer(input: PlanRef): Promise<void>;
}

/** Reads that decide what a run does next. */
export interface DecisionActivities {
  /**
   * The work that is due now. The node is read live; the objects that it consists of too, when that
   * is what the watcher told of.
   */
  decideDueWork(input: {
    readonly node: NodeRef;
    readonly told: DueWork['kind'];
  }): Promise<NodeMissing | DueWork>;
  /** The target as it is at `atLeastGeneration` or later; undefined when the node goes or is gone. */
  readTarget(input: {
    readonly node: NodeRef;
    readonly atLeastGeneration: number;
  }): Promise<TargetNow | undefined>;
}

export interface NodeActivities extends StatusActivities, StepActivities, DecisionActivities {}
