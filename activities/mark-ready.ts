import { Context } from '@temporalio/activity';

import type { PodView } from '../domain/pod-view.ts';
import type { SidecarTarget } from '../sidecar/sidecar-client.ts';
import type { MarkReadyInput, MarkReadyResult, NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { nodeAt } from './node-at.ts';
import { isSuperseded } from './watch-attempt.ts';

/** The sidecar has no watch; the gate opens within milliseconds, or it takes a start-up of seconds. */
const FIRST_PROBE_PAUSE_MS = 25;
const LONGEST_PROBE_PAUSE_MS = 1_000;

/**
 * Submits mark-ready to the sidecar of the new pod and waits until its healthz says that the node is
 * let through: that the task was accepted, or is completed, does not prove it.
 *
 * Safe to retry: the task id comes from the workflow, and a sidecar that has it already does nothing
 * but answer. An id that the sidecar has completed before it restarted is told apart by healthz.
 */
export function createMarkReady(deps: ActivityDeps): NodeActivities['markReady'] {
  return async (input) => {
    let doing = `submitting task ${input.taskId}`;
    const say = (what: string): void => {
      doing = what;
      Context.current().heartbeat(what);
    };
    return heartbeating(
      () => doing,
      () => markReady(deps, input, say),
    );
  };
}

async function markReady(
  deps: ActivityDeps,
  input: MarkReadyInput,
  say: (doing: string) => void,
): Promise<MarkReadyResult> {
  const { taskId: id } = input;
  const located = await locate(deps, input);
  if (located.kind !== 'located') return located;
  const { target } = located;
  await deps.sidecar.submitTask({ ...target, id, type: 'mark-ready' });

  let pauseMs = FIRST_PROBE_PAUSE_MS;
  for (;;) {
    if ((await deps.sidecar.healthz(target)) === 'ready') return { kind: 'ready' };
    const task = await deps.sidecar.getTask({ ...target, id });
    switch (task?.status) {
      case 'failed':
        return { kind: 'task-failed', error: task.error ?? 'no reason given' };
      case undefined:
        return { kind: 'forgotten' };
      case 'completed': {
        // The task opened the gate before it completed, so one that is closed now was closed after.
        const health = await deps.sidecar.healthz(target);
        if (health === 'ready') return { kind: 'ready' };
        if (health === 'not-ready') return { kind: 'forgotten' };
        break;
      }
      case 'running':
        break;
    }
    say(`task ${id} is ${task.status}, the sidecar is not ready`);
    await Context.current().sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PROBE_PAUSE_MS);
    const still = await locate(deps, input);
    if (still.kind !== 'located') return still;
  }
}

type Located =
  | Extract<MarkReadyResult, { kind: 'gone' | 'superseded' | 'pod-lost' }>
  | { readonly kind: 'located'; readonly target: SidecarTarget };

/** Where the sidecar is, as long as the attempt has a point. */
async function locate(deps: ActivityDeps, input: MarkReadyInput): Promise<Located> {
  const node = await nodeAt(deps, input.node, 0);
  if (node === undefined) return { kind: 'gone' };
  if (isSuperseded(deps, input, node)) return { kind: 'superseded' };
  const pod = await podOf(deps, input);
  if (pod === undefined) return { kind: 'pod-lost' };
  const { name, ip } = pod;
  return { kind: 'located', target: { node: input.node, pod: { name, ip } } };
}

/** The very pod that was observed, while it is not being deleted. */
async function podOf(deps: ActivityDeps, input: MarkReadyInput): Promise<PodView | undefined> {
  const isObserved = (pod: PodView): boolean =>
    pod.uid === input.pod.uid && pod.deletionTimestamp === undefined;
  const cached = deps.cache.pods(input.node).find(isObserved);
  // Another worker may have observed the pod, so a cache that does not show it may be behind.
  return cached ?? (await deps.api.listPods(input.node)).find(isObserved);
}
