import { condition, uuid4 } from '@temporalio/workflow';

import type { NodeGone, RolloutInput, Superseded } from '../activities/contract.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { RunningPod } from '../domain/rollout.ts';
import type { NodeRun } from './node-run.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';
import { throughSidecarStalls, throughStalls } from './through-stalls.ts';

/** The sidecar keeps no promise about transient failures of its tasks, so a few are borne with. */
const SIDECAR_TASK_BUDGET = 5;
/** A sidecar that restarts in a crash loop must not be asked in a tight loop. */
export const ROUND_PAUSE = '1 second';

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
  for (;;) {
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
  const waitingFor = 'the sidecar to report that it is ready';
  run.show({ step: 'mark-ready', waitingFor });
  let failedTasks = 0;
  for (;;) {
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
    await condition(() => false, ROUND_PAUSE);
  }
}
