import { assertNever } from '../domain/assert-never.ts';
import { dueWork } from '../domain/due-work.ts';
import { progressPolicy } from '../domain/progress-deadline.ts';
import { servingPod } from '../domain/serving-pod.ts';
import { stallOf } from '../domain/stall.ts';
import { sidecarLost } from '../domain/sync-lifecycle.ts';
import type { SyncNeed } from '../domain/sync-need.ts';
import type { Target } from '../domain/target.ts';
import { targetFor } from '../domain/target.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import { observationLive } from '../manifests/observation.ts';
import type { BeginInput, NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeLive } from './node-at.ts';
import { probeOf } from '../sidecar/probe-sidecar.ts';
import { recordEvent } from './record-event.ts';

/**
 * Decides from live reads whether something converges without a roll. What is found needs no plan;
 * only a sidecar that was lost is recorded, since it may take a while to be ready again.
 *
 * Safe to retry: it reads, and setting a condition to what it is changes nothing.
 */
export function createBeginSync(deps: ActivityDeps): NodeActivities['beginSync'] {
  return async (input) => {
    const { node: ref } = input;
    const node = await nodeLive(deps, ref);
    if (node === undefined) return { kind: 'gone' };
    const observation = await observationLive(deps, node, probeOf(deps, ref));
    const due = dueWork(observation, deps.policy);
    if (due.kind !== 'nodeSync') return { kind: 'not-due', due };
    if (due.needs.some((need) => need.kind === 'mark-ready')) await recordLost(deps, input);
    const target = targetFor(node, deps.policy.defaultSidecarImage);
    const { sidecar } = observation;
    return {
      kind: 'begun',
      generation: node.metadata.generation,
      target,
      policy: progressPolicy(node),
      applies: due.needs.some((need) => isAboutObjects(need, target)),
      // A pod that comes up anew has a sidecar that holds it back until it is marked ready.
      marksReady:
        target.replicas === 1 &&
        (sidecar === 'not-ready' ||
          due.needs.some(losesPod) ||
          servingPod(node, observation.pods) === undefined),
      sidecar,
      stall: stallOf(node.status),
    };
  };
}

function isAboutObjects({ kind }: SyncNeed, target: Target): boolean {
  switch (kind) {
    case 'pause':
    case 'end-rollback':
    case 'record-pod-currency':
    case 'record-sidecar':
      return false;
    case 'settle-stall':
      // A paused node may have no objects yet, and then none are made only to see what held it back.
      return target.replicas > 0;
    case 'missing':
    case 'impostor':
    case 'drifted':
    case 'invalid-spec':
    case 'unpause':
    case 'mark-ready':
      return true;
    default:
      return assertNever(kind);
  }
}

/** The pod of a StatefulSet that is not there any more may still be seen for a while. */
function losesPod(need: SyncNeed): boolean {
  return need.kind === 'impostor' || (need.kind === 'missing' && need.object === 'StatefulSet');
}

async function recordLost(deps: ActivityDeps, { node: ref, planId }: BeginInput): Promise<void> {
  const result = await updateNodeStatus(deps, ref, (node) =>
    sidecarLost(node, deps.now().toISOString()),
  );
  if (result.kind !== 'written') return;
  await recordEvent(deps, ref, {
    type: 'Warning',
    reason: 'SidecarReadinessLost',
    message: 'the sidecar restarted and holds the node back; it is marked ready again',
    occurrence: planId,
  });
}
