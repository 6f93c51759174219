import { condition, uuid4 } from '@temporalio/workflow';

import type { NodeGone, Superseded } from '../activities/contract/plan.ts';
import type { ObserveImageInput, RolloutInput } from '../activities/contract/rollout.ts';
import { assertNever } from '../domain/assert-never.ts';
import { podNameOf } from '../domain/node/node-ref.ts';
import type { RunningPod } from '../domain/pod/running-pod.ts';
import type { NodeRun } from './node-run.ts';
import { pauseBefore } from './pause-before.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';
import { throughEndingStalls, throughStalls } from './through-stalls.ts';

/** The sidecar does not promise that its tasks never fail in passing, so the run tolerates a few failures. */
const SIDECAR_TASK_BUDGET = 5;
/** Enough for trouble that is over in a moment; longer trouble uses up the budget, and the failure has a back-off. */
const FAILED_TASK_PAUSE = '1 second';

type PodLost = { readonly kind: 'pod-lost' };
type MarkedReady = { readonly kind: 'ready' };
type Forgotten = { readonly kind: 'forgotten' };

/**
 * Does `observe-image` and `mark-ready`, with what has to be done in between; repeats all if the pod is replaced
 * meanwhile.
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
): Promise<NodeGone | Superseded | MarkedReady> {
  const { revision = 'newest', prepare } = options;
  let why: string | undefined;
  for (let rounds = 1; ; rounds += 1) {
    if (why !== undefined) {
      run.pacing.blame(why);
      await pauseBefore(run, rollout.planId, 'turn');
    }
    const markReadyId = uuid4();
    const observed = await observeImage(run, rollout, { revision, markReadyId });
    if (observed.kind !== 'complete') return observed;
    run.stall = undefined;
    const prepared = await prepare?.(observed.pod);
    if (prepared?.kind === 'pod-lost') {
      why = podLost(rollout, rounds);
      continue;
    }
    if (prepared !== undefined && prepared.kind !== 'done') return prepared;
    const marked = await markReady(run, rollout, observed.pod, markReadyId);
    switch (marked.kind) {
      case 'gone':
      case 'superseded':
      case 'ready':
        return marked;
      case 'pod-lost':
        why = podLost(rollout, rounds);
        break;
      case 'forgotten':
        // A task that the sidecar has completed opens no gate again, so the next round has a new id.
        why = `the sidecar of pod ${observed.pod.name} has forgotten or completed ${rounds} tasks mark-ready, and its healthz does not answer 200`;
        break;
      default:
        return assertNever(marked);
    }
  }
}

function podLost({ node }: RolloutInput, times: number): string {
  return `pod ${podNameOf(node)} was lost ${times} times before its sidecar was ready`;
}

async function observeImage(
  run: NodeRun,
  rollout: RolloutInput,
  how: Pick<ObserveImageInput, 'revision' | 'markReadyId'>,
): Promise<NodeGone | Superseded | { readonly kind: 'complete'; readonly pod: RunningPod }> {
  run.lateness.at('observe-image');
  const waitingFor = 'the pod to run its image';
  run.show({ step: 'observe-image', waitingFor });
  return throughStalls(run, rollout, waitingFor, (stallable) =>
    run.steps.observeImage({ ...rollout, ...stallable, ...how }),
  );
}

async function markReady(
  run: NodeRun,
  rollout: RolloutInput,
  pod: RunningPod,
  taskId: string,
): Promise<NodeGone | Superseded | PodLost | MarkedReady | Forgotten> {
  run.lateness.at('mark-ready');
  const waitingFor = 'the sidecar to report that it is ready';
  run.show({ step: 'mark-ready', waitingFor });
  let failedTasks = 0;
  for (;;) {
    const marked = await throughEndingStalls(run, rollout, waitingFor, (stallable) =>
      run.steps.markReady({ ...rollout, ...stallable, pod, taskId }),
    );
    switch (marked.kind) {
      case 'gone':
      case 'superseded':
      case 'ready':
      case 'pod-lost':
      case 'forgotten':
        return marked;
      case 'task-failed':
        failedTasks += 1;
        if (failedTasks >= SIDECAR_TASK_BUDGET) {
          throw new SidecarTaskFailure('mark-ready', failedTasks, marked.error);
        }
        break;
      default:
        return assertNever(marked);
    }
    await condition(() => false, FAILED_TASK_PAUSE);
  }
}
