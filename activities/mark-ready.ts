import { mayBeLetThrough } from '../domain/entitled.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';
import { untilMountsAreFree } from './await-mounts.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { MarkReadyResult } from './contract/sidecar-round.ts';
import type { ActivityDeps } from './deps.ts';
import { entitlement } from './entitlement.ts';
import type { PodSidecar } from './pod-sidecar.ts';
import { sidecarRound } from './sidecar-round.ts';

/** The gate opens within milliseconds, or it takes a start-up of seconds. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * Submits mark-ready to the sidecar of the new pod and waits until its healthz says that the node is
 * let through: that the task was accepted, or is completed, does not prove it. Nobody is let through with a
 * key that another node has: somebody may have made the pod without asking, by scaling the StatefulSet. Nor is a
 * node before its bring-up has had the sidecar do all that comes first.
 *
 * Safe to retry: the task id comes from the workflow, and a sidecar that has it already does nothing
 * but answer. An id that the sidecar has completed before it restarted is told apart by healthz.
 */
export function createMarkReady(deps: ActivityDeps): NodeActivities['markReady'] {
  return async (input) => {
    const entitled = await entitlement(
      deps,
      input.node,
      (node) => mayBeLetThrough(node) || undefined,
    );
    if (entitled.kind !== 'entitled') return entitled;
    const mounts = await untilMountsAreFree(deps, input);
    if (mounts.kind !== 'free') return mounts;
    return sidecarRound<MarkReadyResult>(deps, input, {
      task: { type: 'mark-ready' },
      look: (sidecar) => gateOf(sidecar, input.taskId),
      longestPauseMs: LONGEST_PAUSE_MS,
    });
  };
}

async function gateOf(sidecar: PodSidecar, id: string): Promise<MarkReadyResult | string> {
  if ((await sidecar.healthz()) === 'ready') return { kind: 'ready' };
  const task = await sidecar.getTask(id);
  switch (task?.status) {
    case 'failed':
      return { kind: 'task-failed', error: task.error ?? 'no reason given' };
    case undefined:
      return { kind: 'forgotten' };
    case 'completed': {
      // The task opened the gate before it completed, so one that is closed now was closed after.
      const health = await sidecar.healthz();
      if (health === 'ready') return { kind: 'ready' };
      if (health === 'not-ready') return { kind: 'forgotten' };
      throw new SidecarError({ kind: 'unreachable' }, health.message);
    }
    case 'running':
      break;
  }
  return `task ${id} is ${task.status}, the sidecar is not ready`;
}
