import { condition, uuid4 } from '@temporalio/workflow';

import type { NodeGone, RolloutInput, Superseded } from '../activities/contract.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { RunningPod } from '../domain/rollout.ts';
import type { NodeRun } from './node-run.ts';
import { pauseBefore } from './pacing.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';
import { throughSidecarStalls, throughStalls } from './through-stalls.ts';

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
  const waitingFor = 'the pod to run its image';
  run.show({ step: 'observe-image', waitingFor });
  return throughStalls(run, rollout, waitingFor, (stallable) =>
    run.steps.observeImage({ ...rollout, ...stallable, revision }),
  );
}

async function markReady(
  run: NodeRun,
  rollout: RolloutInput,
  pod: RunningPod,
): Promise<NodeGone | Superseded | PodLost | { readonly kind: 'ready' }> {
  run.lateness.at('mark-ready');
  const waitingFor = 'the sidecar to report that it is ready';
  run.show({ step: 'mark-ready', waitingFor });
  let failedTasks = 0;
  for (let rounds = 1; ; rounds += 1) {
    const taskId = uuid4();
    const marked = await throughSidecarStalls(run, rollout, waitingFor, (stallable) =>
      run.steps.markReady({ ...rollout, ...stallable, pod, taskId }),
    );
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
