import { setTimeout as delay } from 'node:timers/promises';

import { Context } from '@temporalio/activity';

import type { PodView } from '../domain/pod-view.ts';
import type { SidecarTarget } from '../sidecar/sidecar-client.ts';
import type { MarkReadyInput, MarkReadyResult, NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
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
    const ended = endedAttempt(deps, input);
    if (ended !== undefined) return ended;
    const target = sidecarOf(deps, input);
    if (target === undefined) return { kind: 'pod-lost' };
    await deps.sidecar.submitTask({ ...target, id: input.taskId, type: 'mark-ready' });
    return untilReady(deps, input, target);
  };
}

async function untilReady(
  deps: ActivityDeps,
  input: MarkReadyInput,
  target: SidecarTarget,
): Promise<MarkReadyResult> {
  const { cancellationSignal, heartbeat } = Context.current();
  let pauseMs = FIRST_PROBE_PAUSE_MS;
  for (;;) {
    if ((await deps.sidecar.healthz(target)) === 'ready') return { kind: 'ready' };
    const task = await deps.sidecar.getTask({ ...target, id: input.taskId });
    switch (task?.status) {
      case 'failed':
        return { kind: 'task-failed', error: task.error ?? 'no reason given' };
      case undefined:
        return { kind: 'forgotten' };
      case 'completed':
        // The task opened the gate before it completed, so one that is closed now was closed after.
        if ((await deps.sidecar.healthz(target)) === 'not-ready') return { kind: 'forgotten' };
        break;
      case 'running':
        break;
    }
    heartbeat(`task ${input.taskId} is ${task.status}, the sidecar is not ready`);
    await delay(pauseMs, undefined, { signal: cancellationSignal });
    pauseMs = Math.min(pauseMs * 2, LONGEST_PROBE_PAUSE_MS);
    const ended = endedAttempt(deps, input);
    if (ended !== undefined) return ended;
  }
}

function endedAttempt(deps: ActivityDeps, input: MarkReadyInput): MarkReadyResult | undefined {
  const node = deps.cache.node(input.node);
  if (node !== undefined && isSuperseded(deps, input, node)) return { kind: 'superseded' };
  return podOf(deps, input) === undefined ? { kind: 'pod-lost' } : undefined;
}

function sidecarOf(deps: ActivityDeps, input: MarkReadyInput): SidecarTarget | undefined {
  const pod = podOf(deps, input);
  return pod && { node: input.node, pod: { name: pod.name, ip: pod.ip } };
}

/** The very pod that was observed, while it is not being deleted. */
function podOf(deps: ActivityDeps, input: MarkReadyInput): PodView | undefined {
  return deps.cache
    .pods(input.node)
    .find((pod) => pod.uid === input.pod.uid && pod.deletionTimestamp === undefined);
}
