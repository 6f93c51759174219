import { condition, uuid4 } from '@temporalio/workflow';

import type {
  NodeGone,
  ObserveImageInput,
  RolloutInput,
  Superseded,
} from '../activities/contract.ts';
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
type MarkedReady = { readonly kind: 'ready' };
type Forgotten = { readonly kind: 'forgotten' };

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
): Promise<NodeGone | Superseded | MarkedReady> {
  const { revision = 'newest', prepare } = options;
  for (;;) {
    const markReadyId = uuid4();
    const observed = await observeImage(run, rollout, { revision, markReadyId });
    if (observed.kind !== 'complete') return observed;
    run.stall = undefined;
    const prepared = await prepare?.(observed.pod);
    if (prepared?.kind === 'pod-lost') continue;
    if (prepared !== undefined && prepared.kind !== 'done') return prepared;
    const marked = await markReady(run, rollout, observed.pod, markReadyId);
    switch (marked.kind) {
      case 'gone':
      case 'superseded':
      case 'ready':
        return marked;
      case 'pod-lost':
        break;
      case 'forgotten':
        // What the sidecar has completed opens no gate again: the next round has an id of its own.
        await condition(() => false, ROUND_PAUSE);
        break;
      default:
        return assertNever(marked);
    }
  }
}

async function observeImage(
  run: NodeRun,
  rollout: RolloutInput,
  how: Pick<ObserveImageInput, 'revision' | 'markReadyId'>,
): Promise<NodeGone | Superseded | { readonly kind: 'complete'; readonly pod: RunningPod }> {
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
  const waitingFor = 'the sidecar to report that it is ready';
  run.show({ step: 'mark-ready', waitingFor });
  let failedTasks = 0;
  for (;;) {
    const marked = await throughSidecarStalls(run, rollout, waitingFor, (stallable) =>
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
    await condition(() => false, ROUND_PAUSE);
  }
}
