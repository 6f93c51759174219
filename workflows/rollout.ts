import { condition, uuid4 } from '@temporalio/workflow';

import type { NodeGone, RolloutInput, Superseded } from '../activities/contract.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { RunningPod } from '../domain/rollout.ts';
import type { NodeRun } from './node-run.ts';
import { pauseBefore } from './pacing.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';

/** The sidecar keeps no promise about transient failures of its tasks, so a few are borne with. */
const SIDECAR_TASK_BUDGET = 5;

type PodLost = { readonly kind: 'pod-lost' };

/**
 * `observe-image` and `mark-ready`, with what has to be done in between: repeated together when the
 * pod is replaced meanwhile.
 */
export async function observeAndMarkReady(
  run: NodeRun,
  rollout: RolloutInput,
  options: {
    /** Default `newest`. */
    readonly revision?: 'newest' | 'any';
    readonly prepare?: (
      pod: RunningPod,
    ) => Promise<NodeGone | Superseded | PodLost | { readonly kind: 'done' }>;
  } = {},
): Promise<NodeGone | Superseded | { readonly kind: 'ready' }> {
  const { revision = 'newest', prepare } = options;
  for (let lost = 0; ; lost += 1) {
    if (lost > 0) {
      run.pacing.blame(
        `pod ${rollout.node.name}-0 was lost ${lost} times before its sidecar was ready`,
      );
      await pauseBefore(run, rollout.planId, 'turn');
    }
    const observed = await observeImage(run, rollout, revision);
    if (observed.kind !== 'complete') return observed;
    run.stall = undefined;
    const prepared = await prepare?.(observed.pod);
    if (prepared?.kind === 'pod-lost') continue;
    if (prepared !== undefined && prepared.kind !== 'done') return prepared;
    const marked = await markReady(run, rollout, observed.pod);
    if (marked.kind !== 'pod-lost') return marked;
  }
}

async function observeImage(
  run: NodeRun,
  rollout: RolloutInput,
  revision: 'newest' | 'any',
): Promise<NodeGone | Superseded | { readonly kind: 'complete'; readonly pod: RunningPod }> {
  run.lateness.at('observe-image');
  run.show({ step: 'observe-image', waitingFor: 'the pod to run its image' });
  for (;;) {
    const patienceMs = run.pacing.flipPatienceMs;
    const saidAtMs = Date.now() + patienceMs;
    const known = run.stall;
    const progress = await run.steps.observeImage({ ...rollout, known, revision, patienceMs });
    switch (progress.kind) {
      case 'gone':
      case 'superseded':
      case 'complete':
        return progress;
      case 'blocked':
        run.stall = progress.trouble;
        run.show({ waitingFor: `${run.stall.reason} to be mended: ${run.stall.message}` });
        break;
      case 'unblocked':
        run.stall = undefined;
        run.show({ waitingFor: 'the pod to run its image' });
        break;
      default:
        return assertNever(progress);
    }
    run.pacing.flipped();
    // The activity has been as patient itself, unless something is wrong with it.
    const early = saidAtMs - Date.now();
    if (early > 0) await condition(() => false, early);
    await run.steps.recordStall({
      node: rollout.node,
      planId: rollout.planId,
      trouble: run.stall,
      exceeded: run.exceededDeadline,
    });
  }
}

async function markReady(
  run: NodeRun,
  rollout: RolloutInput,
  pod: RunningPod,
): Promise<NodeGone | Superseded | PodLost | { readonly kind: 'ready' }> {
  run.lateness.at('mark-ready');
  run.show({ step: 'mark-ready', waitingFor: 'the sidecar to report that it is ready' });
  let failedTasks = 0;
  for (let rounds = 1; ; rounds += 1) {
    const marked = await run.steps.markReady({ ...rollout, pod, taskId: uuid4() });
    switch (marked.kind) {
      case 'gone':
      case 'superseded':
      case 'ready':
      case 'pod-lost':
        return marked;
      case 'forgotten':
        break;
      case 'task-failed':
        failedTasks += 1;
        if (failedTasks >= SIDECAR_TASK_BUDGET) {
          throw new SidecarTaskFailure('mark-ready', failedTasks, marked.error);
        }
        break;
      default:
        return assertNever(marked);
    }
    run.pacing.blame(
      `the sidecar of pod ${pod.name} has forgotten, failed or completed ${rounds} tasks mark-ready, and its healthz does not answer 200`,
    );
    await pauseBefore(run, rollout.planId, 'turn');
  }
}
