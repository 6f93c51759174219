import { Context } from '@temporalio/activity';

import type { StallChange } from '../../domain/node/stall.ts';
import { isNodePod } from '../../domain/pod/node-pod.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import { isStarted } from '../../domain/pod/serving-pod.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';
import type { SidecarRoundEnd, SidecarRoundInput } from '../contract/sidecar-round.ts';
import type { ActivityDeps } from '../deps.ts';
import { getActiveNode } from './get-node.ts';
import { saysInHeartbeats, untilCancelled } from './heartbeating.ts';
import type { PodSidecar } from './pod-sidecar.ts';
import { PodLost, createPodSidecar } from './pod-sidecar.ts';
import { pause, sharedPause } from './sidecar-looks.ts';
import { createSidecarOutage } from './sidecar-outage.ts';
import { confirmWanted } from './superseded.ts';

/** Most tasks are done within milliseconds; the others take seconds to hours. */
const FIRST_PAUSE_MS = 25;

/** A sidecar without an answer, or with a bad one, is asked again at intervals that double. */
const FIRST_OUTAGE_PAUSE_MS = 200;
const LONGEST_OUTAGE_PAUSE_MS = 5_000;

type Pointless = Extract<SidecarRoundEnd, { kind: 'gone' | 'superseded' | 'pod-lost' }>;

/** The state of a sidecar: at the outcome, or still at the work that heartbeats show meanwhile. */
export type Look<T> =
  | { readonly kind: 'ended'; readonly end: T }
  | { readonly kind: 'pending'; readonly doing: string };

export function ended<T>(end: T): Look<T> {
  return { kind: 'ended', end };
}

export interface SidecarRound<T> {
  /** The task to submit under the input's id; absent if `look` submits it. */
  readonly task?: {
    readonly type: string;
    readonly params?: Readonly<Record<string, unknown>>;
  };
  readonly look: (sidecar: PodSidecar) => Promise<Look<T>>;
  /** The sidecar has no watch; it is asked at growing intervals up to this one. Milliseconds. */
  readonly longestPauseMs: number;
  /** Returns whether an error is an answer, and ends the round. Every other error may be over in a moment. */
  readonly isAnswer?: (err: SidecarError) => boolean;
}

/**
 * Submits a task to the sidecar of the observed pod, and looks until there is an outcome, or until the attempt has
 * become pointless: the pod was replaced, or the node is gone or wants another target. Waits out all troubles of the
 * sidecar and the network; one that lasts is returned as a stall.
 *
 * @throws SidecarError for an error that is the round's answer.
 */
export async function sidecarRound<T>(
  deps: ActivityDeps,
  input: SidecarRoundInput,
  round: SidecarRound<T>,
): Promise<T | Pointless | StallChange> {
  const say = (what: string): void => {
    saysInHeartbeats(() => what);
  };
  say(`submitting task ${input.taskId}`);
  return untilCancelled(submitAndLook(deps, input, round, say));
}

async function submitAndLook<T>(
  deps: ActivityDeps,
  input: SidecarRoundInput,
  { task, look, longestPauseMs, isAnswer = () => false }: SidecarRound<T>,
  say: (doing: string) => void,
): Promise<T | Pointless | StallChange> {
  const { namespace } = input.node;
  const outage = createSidecarOutage(input.known, deps.now);
  let submission: 'first' | 'repeated' | 'made' =
    Context.current().info.attempt > 1 || input.known !== undefined ? 'repeated' : 'first';
  let pauseMs = FIRST_PAUSE_MS;
  let outagePauseMs = FIRST_OUTAGE_PAUSE_MS;
  for (;;) {
    const located = await locate(deps, input);
    if (located.kind !== 'located') return located;
    const { sidecar } = located;
    const beganMs = deps.now().getTime();
    try {
      if (submission !== 'made') {
        if (task !== undefined) {
          await submit(sidecar, input.taskId, task, submission);
        }
        submission = 'made';
      }
      const seen = await look(sidecar);
      if (seen.kind === 'ended') {
        await sidecar.confirm();
        return seen.end;
      }
      const change = outage.answered();
      if (change !== undefined) return change;
      say(seen.doing);
      // A sidecar that is about to be ready does not wait for its turn.
      if (pauseMs < longestPauseMs) await pause(pauseMs);
      else await sharedPause(deps.sidecarLooks, namespace, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      outagePauseMs = FIRST_OUTAGE_PAUSE_MS;
    } catch (err) {
      if (err instanceof PodLost) return { kind: 'pod-lost' };
      if (!(err instanceof SidecarError) || isAnswer(err)) throw err;
      const change = outage.failed(err, beganMs);
      if (change !== undefined) return change;
      if (submission === 'first') submission = 'repeated';
      say(err.message);
      // An outage has to be reported in time, however many others wait.
      const isKnown = input.known !== undefined;
      if (isKnown && outagePauseMs >= LONGEST_OUTAGE_PAUSE_MS) {
        await sharedPause(deps.sidecarLooks, namespace, outagePauseMs);
      } else await pause(outagePauseMs);
      outagePauseMs = Math.min(outagePauseMs * 2, LONGEST_OUTAGE_PAUSE_MS);
    }
  }
}

/**
 * Submits a task; a repetition does so only if the sidecar does not know the task. Otherwise a task that has failed
 * meanwhile would run again, and nobody would see the failure.
 */
async function submit(
  sidecar: PodSidecar,
  id: string,
  task: NonNullable<SidecarRound<unknown>['task']>,
  submission: 'first' | 'repeated',
): Promise<void> {
  if (submission === 'repeated' && (await sidecar.getTask(id)) !== undefined) return;
  // By now the caller has the answer that this cancelled step does nothing more.
  if (Context.current().cancellationSignal.aborted) await Context.current().cancelled;
  await sidecar.submitTask({ id, ...task });
}

type Located = Pointless | { readonly kind: 'located'; readonly sidecar: PodSidecar };

/** Locates the sidecar, as long as the attempt has a point. */
async function locate(deps: ActivityDeps, input: SidecarRoundInput): Promise<Located> {
  const node = await getActiveNode(deps, input.node, 0);
  if (node === undefined) return { kind: 'gone' };
  const still = await confirmWanted(deps, input, node);
  if (still.kind !== 'wanted') return still;
  const pod = await podOf(deps, input);
  if (pod === undefined) return { kind: 'pod-lost' };
  return { kind: 'located', sidecar: createPodSidecar(deps, input.node, pod) };
}

/** Returns the very pod that was observed, while it runs and is not being deleted. */
async function podOf(deps: ActivityDeps, input: SidecarRoundInput): Promise<PodView | undefined> {
  const { namespace, name } = input.node;
  const { uid } = input.statefulSet;
  const isObserved = (pod: PodView): boolean =>
    pod.uid === input.pod.uid && isNodePod(pod, { namespace, name, uid }) && isStarted(pod);
  const cached = deps.cache.pods(input.node).find(isObserved);
  if (cached !== undefined) return cached;
  // Another worker may have observed the pod, so a cache that does not show it may be behind.
  const live = await deps.api.getPod({ namespace, name: input.pod.name });
  return live !== undefined && isObserved(live) ? live : undefined;
}
