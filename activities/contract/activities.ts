/**
 * Everything that workflows may ask of the world, as types only: the sandbox compiles this folder without the globals
 * of Node. Every value crosses the wire and is stored in histories, so a changed shape is a changed workflow.
 */

import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { SteeringResult } from '../../domain/plan/steering.ts';
import type { DueWork } from '../../domain/work/due-work.ts';
import type {
  BeginDeleteResult,
  BeginInitInput,
  BeginInitResult,
  BeginInput,
  BeginSyncResult,
  BeginUpdateResult,
} from './begin.ts';
import type {
  CheckProgressResult,
  FailInitInput,
  FailInput,
  FinishInitInput,
  FinishResult,
  FinishSyncInput,
  StallInput,
  SteerInput,
} from './bookkeeping.ts';
import type {
  AttemptInput,
  NodeGone,
  NodeMissing,
  OwnedInput,
  PlanRef,
  Superseded,
  TargetNow,
} from './plan.ts';
import type {
  ApplyStatefulSetResult,
  AwaitMountsInput,
  AwaitMountsResult,
  AwaitPodsGoneInput,
  AwaitPodsGoneResult,
  ConfigPatchInput,
  ConfigPatchResult,
  ObserveImageInput,
  ObserveImageResult,
  ReplacePodInput,
  ReplacePodResult,
} from './rollout.ts';
import type {
  MarkReadyInput,
  MarkReadyResult,
  RunSidecarTaskInput,
  RunSidecarTaskResult,
} from './sidecar-round.ts';

/** The bookkeeping of status: one guarded patch each, and an Event. */
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

/** The steps that change or watch the objects of a node. */
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
  /** Decides which work is due now. It reads the node live, and its objects too if the watcher reported those. */
  decideDueWork(input: {
    readonly node: NodeRef;
    readonly told: DueWork['kind'];
  }): Promise<NodeMissing | DueWork>;
  /** Reads the target at `atLeastGeneration` or later; undefined when the node is being deleted or is gone. */
  readTarget(input: {
    readonly node: NodeRef;
    readonly atLeastGeneration: number;
  }): Promise<TargetNow | undefined>;
}

export interface NodeActivities extends StatusActivities, StepActivities, DecisionActivities {}
