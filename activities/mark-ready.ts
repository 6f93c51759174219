import { mayBeLetThrough } from '../domain/plan/entitled.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';
import { untilMountsAreFree } from './await-mounts.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { MarkReadyResult } from './contract/sidecar-round.ts';
import type { ActivityDeps } from './deps.ts';
import { getEntitlement } from './shared/entitlement.ts';
import type { PodSidecar } from './shared/pod-sidecar.ts';
import type { Look } from './shared/sidecar-round.ts';
import { ended, sidecarRound } from './shared/sidecar-round.ts';

/** The gate opens within milliseconds, or after a start-up of seconds. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * Submits mark-ready to the sidecar of the new pod, and waits until its healthz says that the node is let through: an
 * accepted or completed task does not prove that. Lets no node through with a key that another node has, because
 * somebody may have made the pod by scaling the StatefulSet; nor a node in its bring-up before the sidecar has done the
 * tasks that come first.
 *
 * Safe to retry: the task id comes from the workflow, and a sidecar that has the task already only answers. An id that
 * the sidecar completed before it restarted is recognised by healthz.
 */
export function createMarkReady(deps: ActivityDeps): NodeActivities['markReady'] {
  return async (input) => {
    const entitled = await getEntitlement(
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

async function gateOf(sidecar: PodSidecar, id: string): Promise<Look<MarkReadyResult>> {
  if ((await sidecar.healthz()) === 'ready') return ended({ kind: 'ready' });
  const task = await sidecar.getTask(id);
  switch (task?.status) {
    case 'failed':
      return ended({ kind: 'task-failed', error: task.error ?? 'no reason given' });
    case undefined:
      return ended({ kind: 'forgotten' });
    case 'completed': {
      // The task opened the gate before it completed, so a closed gate was closed afterwards.
      const health = await sidecar.healthz();
      if (health === 'ready') return ended({ kind: 'ready' });
      if (health === 'not-ready') return ended({ kind: 'forgotten' });
      throw new SidecarError({ kind: 'unreachable' }, health.message);
    }
    case 'running':
      return { kind: 'pending', doing: `task ${id} is running, the sidecar is not ready` };
  }
}
