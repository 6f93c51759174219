import type { Logger as TemporalLogger } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { AttemptInput } from '../../activities/contract/plan.ts';
import type { ReplacePodInput, RolloutInput } from '../../activities/contract/rollout.ts';
import type { RunSidecarTaskInput } from '../../activities/contract/sidecar-round.ts';
import type { ActivityDeps } from '../../activities/deps.ts';
import { createActivities } from '../../activities/index.ts';
import { createSidecarLookShare } from '../../activities/shared/sidecar-looks.ts';
import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { SeiNode, SeiNodeSpec } from '../../domain/node/sei-node.ts';
import type { Target } from '../../domain/node/target.ts';
import {
  DISPENSABLE_ATTEMPT_MS,
  QUICK_ATTEMPT_MS,
  WAITING_ATTEMPT_MS,
} from '../../domain/run/time-limits.ts';
import type { IdentifiedTask, NewTaskIds } from '../../domain/sidecar/identified-tasks.ts';
import type { RecordedLog } from '../kubernetes/recorded-log.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { platform } from '../manifests/fixtures.ts';
import { FakeCluster } from '../support/cluster/fake-cluster.ts';
import { FakeSidecar } from '../support/cluster/fake-sidecar.ts';
import {
  DEFAULT_SIDECAR,
  foreignNode,
  NODE,
  NOW,
  seiNode,
  SIDECAR,
  V1,
  V2,
} from '../support/sei-node.ts';

export const PLAN = { node: NODE, planId: 'plan-1' };
export const NEW_TASK_IDS: NewTaskIds = {
  'snapshot-restore': 'restore-1',
  'configure-genesis': 'genesis-1',
  'config-apply': 'config-1',
  'discover-peers': 'peers-1',
  'configure-state-sync': 'state-sync-1',
  'config-validate': 'validate-1',
};
export const BEGIN = {
  ...PLAN,
  workflowId: 'seinode/test/default/n0',
  newTaskIds: NEW_TASK_IDS,
};
export const TO_V1: Target = { image: V1, sidecarImage: SIDECAR, replicas: 1 };
export const TO_V2: Target = { image: V2, sidecarImage: SIDECAR, replicas: 1 };

type Name = keyof NodeActivities;
type Input<N extends Name> = Parameters<NodeActivities[N]>[0];
type Result<N extends Name> = Awaited<ReturnType<NodeActivities[N]>>;

/** An activity that is under way. */
export interface Running<N extends Name> {
  readonly result: Promise<Result<N>>;
  /** The heartbeats that it has sent so far. */
  readonly heartbeats: readonly string[];
  readonly cancel: () => void;
}

/**
 * The activities over a cluster and sidecars in memory. As a rule the controllers act, and time goes by,
 * only when the test says so; a bed that runs on its own is for runs of workflows, whose timers are real.
 */
export class ActivityBed {
  readonly cluster: FakeCluster;
  readonly sidecar = new FakeSidecar();
  readonly log: RecordedLog = recordedLog();
  readonly deps: ActivityDeps;
  readonly activities: NodeActivities;
  /** The activities that were run, in the order in which they began. */
  readonly performed: Name[] = [];
  #aheadMs = 0;

  constructor({
    runsByItself = false,
    checksSecrets = false,
  }: { readonly runsByItself?: boolean; readonly checksSecrets?: boolean } = {}) {
    const startMs = Date.parse(NOW);
    const now = () => new Date((runsByItself ? Date.now() : startMs) + this.#aheadMs);
    this.cluster = new FakeCluster({ now, runsByItself });
    // As the cache of a worker: whatever an activity compares, it reads live. That of a bed that runs by
    // itself is the watcher's too.
    if (!runsByItself) this.cluster.cache.leaveContentsUnread();
    this.deps = {
      api: this.cluster.api,
      cache: this.cluster.cache,
      sidecar: this.sidecar,
      sidecarLooks: createSidecarLookShare(),
      platform,
      policy: { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR },
      checksSecrets,
      logger: this.log,
      now,
    };
    this.activities = createActivities(this.deps);
  }

  advanceClock(seconds: number): void {
    this.#aheadMs += seconds * 1_000;
  }

  run<N extends Name>(name: N, input: Input<N>, attempt = 1): Promise<Result<N>> {
    return this.start(name, input, attempt).result;
  }

  /**
   * @param attempt the number of the attempt, as Temporal counts them.
   * @param retriedSeconds how long ago the first one was due.
   */
  start<N extends Name>(name: N, input: Input<N>, attempt = 1, retriedSeconds = 0): Running<N> {
    this.performed.push(name);
    const info = {
      activityType: name,
      attempt,
      startToCloseTimeoutMs: attemptMs(name),
      scheduledTimestampMs: this.deps.now().getTime() - retriedSeconds * 1_000,
    };
    const environment = new MockActivityEnvironment(info, { logger: SILENT });
    const heartbeats: string[] = [];
    environment.on('heartbeat', (details: string) => heartbeats.push(details));
    const activity = this.activities[name] as (input: Input<N>) => Promise<Result<N>>;
    return {
      result: environment.run(activity, input),
      heartbeats,
      cancel: () => environment.cancel(),
    };
  }

  /** Everything by which a person could tell two ends apart; versions only say how one got there. */
  get state() {
    const { cluster } = this;
    const { metadata, spec, status } = cluster.node(NODE) ?? {};
    return {
      inventory: cluster.inventory,
      node: { generation: metadata?.generation, spec, status },
      statefulSet: withoutVersion(cluster.statefulSet(NODE)),
      claim: withoutVersion(
        cluster.claim({ namespace: NODE.namespace, name: `data-${NODE.name}` })?.metadata,
      ),
      pods: cluster.pods(NODE).map(withoutVersion),
      events: cluster.events,
      tasksBegun: this.sidecar.begun,
    };
  }

  get node(): SeiNode {
    const node = this.cluster.node(NODE);
    if (node === undefined) throw new Error('the node is gone');
    return node;
  }
}

/** A node as it is right after `kubectl apply`. */
export async function newBed(spec: Partial<SeiNodeSpec> = {}): Promise<ActivityBed> {
  const bed = new ActivityBed();
  bed.cluster.createNode(seiNode({ spec }));
  return bed;
}

/** A node whose bring-up has begun. */
export async function initBed(): Promise<ActivityBed> {
  const bed = await newBed();
  await bed.run('beginInit', BEGIN);
  bed.cluster.requests.clear();
  return bed;
}

/** A node on its V1, brought up by the operator's own activities. */
export async function runningBed(spec: Partial<SeiNodeSpec> = {}): Promise<ActivityBed> {
  const bed = await newBed(spec);
  await bringUp(bed);
  return bed;
}

/** As nodeInit does it, with the controllers acting in between. */
export async function bringUp(bed: ActivityBed): Promise<void> {
  const begun = await bed.run('beginInit', BEGIN);
  await bed.run('ensureDataPvc', PLAN);
  await bed.run('applyRbacProxyConfig', PLAN);
  await bed.run('applyService', PLAN);
  const rollout = await applied(bed, TO_V1);
  bed.cluster.settle();
  await bed.run('replacePod', rollout);
  const pod = await observed(bed, rollout);
  if (begun.kind === 'begun') await tasksDone(bed, { ...rollout, pod }, begun.tasks);
  await bed.run('markReady', {
    ...rollout,
    pod,
    taskId: 'task-of-init',
  });
  await bed.run('finishInit', { ...PLAN, generation: bed.node.metadata.generation });
  bed.cluster.requests.clear();
  bed.sidecar.calls.length = 0;
}

/** A bring-up or an update as far as its end, which is still to be recorded. */
export async function served(bed: ActivityBed, rollout: ReplacePodInput): Promise<void> {
  const pod = await observed(bed, rollout);
  if (bed.node.status?.phase === 'Initializing') {
    const begun = await bed.run('beginInit', BEGIN);
    if (begun.kind === 'begun') await tasksDone(bed, { ...rollout, pod }, begun.tasks);
  }
  await bed.run('markReady', { ...rollout, pod, taskId: 'task-of-mark-ready' });
}

/** The tasks of the sidecar on the data volume before the node may start. */
async function tasksDone(
  bed: ActivityBed,
  round: RolloutInput & Pick<RunSidecarTaskInput, 'pod'>,
  tasks: readonly IdentifiedTask[],
): Promise<void> {
  for (const task of tasks) {
    const input = { ...round, task, taskId: task.id, failedRun: undefined, known: undefined };
    await bed.run('runSidecarTask', input);
  }
}

/** A running node whose spec asks for V2 by now, with its update begun under the plan. */
export async function updatingBed(spec: Partial<SeiNodeSpec> = {}): Promise<ActivityBed> {
  const bed = await driftedBed(spec);
  await bed.run('beginUpdate', BEGIN);
  bed.cluster.requests.clear();
  return bed;
}

export async function driftedBed(spec: Partial<SeiNodeSpec> = {}): Promise<ActivityBed> {
  const bed = await runningBed(spec);
  bed.advanceClock(3_600);
  bed.cluster.editSpec(NODE, { image: V2 });
  return bed;
}

const WAITS: readonly Name[] = [
  'awaitMounts',
  'replacePod',
  'observeImage',
  'runSidecarTask',
  'markReady',
  'awaitPodsGone',
];

/** As the workflows call it. */
function attemptMs(name: Name): number {
  if (WAITS.includes(name)) return WAITING_ATTEMPT_MS;
  return name === 'configPatch' ? DISPENSABLE_ATTEMPT_MS : QUICK_ATTEMPT_MS;
}

/** An update whose StatefulSet is applied and seen by its controller, before the pod is replaced. */
export async function rollingBed(
  spec: Partial<SeiNodeSpec> = {},
): Promise<{ bed: ActivityBed; rollout: ReplacePodInput }> {
  const bed = await updatingBed(spec);
  const rollout = await applied(bed, TO_V2);
  bed.cluster.controller.observe();
  bed.cluster.requests.clear();
  return { bed, rollout };
}

/** An update whose old pod has gone, before the new one is made. */
export async function replacedBed(): Promise<{ bed: ActivityBed; rollout: ReplacePodInput }> {
  const { bed, rollout } = await rollingBed();
  await bed.run('replacePod', rollout);
  bed.cluster.kubelet.endPods();
  bed.cluster.controller.observe();
  bed.cluster.requests.clear();
  return { bed, rollout };
}

/**
 * The running node as if another operator had run it so far, with its take-over begun.
 *
 * @param podImage what admission has made of the pod's image.
 */
export async function foreignBed(
  status: SeiNodeStatus = {},
  image = V1,
  podImage = V1,
): Promise<ActivityBed> {
  const bed = await runningBed();
  bed.cluster.setPodImage({ namespace: NODE.namespace, name: 'n0-0' }, podImage);
  const { name = '', uid = '' } = bed.cluster.statefulSet(NODE) ?? {};
  bed.cluster.removeNode(NODE);
  const left = { statefulSet: { name, uid }, ...status };
  bed.cluster.createNode(foreignNode({ spec: { image }, status: left }));
  await bed.run('beginInit', BEGIN);
  bed.cluster.requests.clear();
  return bed;
}

export async function applied(bed: ActivityBed, target: Target): Promise<ReplacePodInput> {
  const { generation } = bed.node.metadata;
  const attempt = { ...PLAN, target, generation };
  const result = await appliedInPasses(bed, attempt);
  if (result.kind !== 'applied') throw new Error(`apply-statefulset answered ${result.kind}`);
  return { ...attempt, statefulSet: result.statefulSet, known: undefined };
}

/** As the workflow does it: a pass that clears an identity applies nothing, the next one does. */
export async function appliedInPasses(bed: ActivityBed, attempt: AttemptInput) {
  for (;;) {
    const result = await bed.run('applyStatefulSet', attempt);
    if (result.kind !== 'again') return result;
  }
}

export async function observed(bed: ActivityBed, rollout: RolloutInput) {
  const seen = await bed.run('observeImage', { ...rollout, known: undefined, revision: 'newest' });
  if (seen.kind !== 'complete') throw new Error(`observe-image answered ${seen.kind}`);
  return seen.pod;
}

function withoutVersion<T extends object>(view: T | undefined): object | undefined {
  return view && { ...view, resourceVersion: undefined };
}

const silent = () => undefined;
const SILENT: TemporalLogger = {
  log: silent,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
};
