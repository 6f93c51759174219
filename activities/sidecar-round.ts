import { Context } from '@temporalio/activity';

import type { PodView } from '../domain/pod-view.ts';
import type { SidecarTarget } from '../sidecar/sidecar-client.ts';
import type { SidecarRoundEnd, SidecarRoundInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { nodeAt } from './node-at.ts';
import { stillWanted } from './superseded.ts';

/** Most tasks are done within milliseconds; the others take seconds to hours. */
const FIRST_PAUSE_MS = 25;

type Pointless = Extract<SidecarRoundEnd, { kind: 'gone' | 'superseded' | 'pod-lost' }>;

export interface SidecarRound<T> {
  /** The task to submit under the input's id. */
  readonly task: {
    readonly type: string;
    readonly params?: Readonly<Record<string, unknown>>;
  };
  /** Asks the sidecar how far it is: the outcome, or what to say in the heartbeat meanwhile. */
  readonly look: (target: SidecarTarget) => Promise<T | string>;
  /** The sidecar has no watch; it is asked at growing intervals up to this one. */
  readonly longestPauseMs: number;
}

/**
 * Submits a task to the sidecar of the observed pod, and looks until there is an outcome, or until the
 * attempt has become pointless: the pod was replaced, or the node is gone or wants another target.
 *
 * @throws SidecarError for whatever the sidecar and the network do.
 */
export async function sidecarRound<T extends object>(
  deps: ActivityDeps,
  input: SidecarRoundInput,
  round: SidecarRound<T>,
): Promise<T | Pointless> {
  let doing = `submitting task ${input.taskId}`;
  const say = (what: string): void => {
    doing = what;
    Context.current().heartbeat(what);
  };
  return heartbeating(
    () => doing,
    () => submitAndLook(deps, input, round, say),
  );
}

async function submitAndLook<T extends object>(
  deps: ActivityDeps,
  input: SidecarRoundInput,
  { task, look, longestPauseMs }: SidecarRound<T>,
  say: (doing: string) => void,
): Promise<T | Pointless> {
  const located = await locate(deps, input);
  if (located.kind !== 'located') return located;
  const { target } = located;
  await submit(deps, target, input.taskId, task);

  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const seen = await look(target);
    if (typeof seen !== 'string') return seen;
    say(seen);
    await Context.current().sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    const still = await locate(deps, input);
    if (still.kind !== 'located') return still;
  }
}

/**
 * A repeated attempt submits only what the sidecar does not know: it would run a task again that has
 * failed meanwhile, and nobody would hear of the failure.
 */
async function submit(
  { sidecar }: ActivityDeps,
  target: SidecarTarget,
  id: string,
  task: SidecarRound<unknown>['task'],
): Promise<void> {
  const isRepeated = Context.current().info.attempt > 1;
  if (isRepeated && (await sidecar.getTask({ ...target, id })) !== undefined) return;
  await sidecar.submitTask({ ...target, id, ...task });
}

type Located = Pointless | { readonly kind: 'located'; readonly target: SidecarTarget };

/** Where the sidecar is, as long as the attempt has a point. */
async function locate(deps: ActivityDeps, input: SidecarRoundInput): Promise<Located> {
  const node = await nodeAt(deps, input.node, 0);
  if (node === undefined) return { kind: 'gone' };
  const still = await stillWanted(deps, input, node);
  if (still.kind !== 'wanted') return still;
  const pod = await podOf(deps, input);
  if (pod === undefined) return { kind: 'pod-lost' };
  const { name, ip } = pod;
  return { kind: 'located', target: { node: input.node, pod: { name, ip } } };
}

/** The very pod that was observed, while it is not being deleted. */
async function podOf(deps: ActivityDeps, input: SidecarRoundInput): Promise<PodView | undefined> {
  const isObserved = (pod: PodView): boolean =>
    pod.uid === input.pod.uid && pod.deletionTimestamp === undefined;
  const cached = deps.cache.pods(input.node).find(isObserved);
  // Another worker may have observed the pod, so a cache that does not show it may be behind.
  return cached ?? (await deps.api.listPods(input.node)).find(isObserved);
}
