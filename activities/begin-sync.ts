import { assertNever } from '../domain/assert-never.ts';
import { isConditionTrue } from '../domain/node/condition.ts';
import { stallOf } from '../domain/node/stall.ts';
import type { Target } from '../domain/node/target.ts';
import { targetFor } from '../domain/node/target.ts';
import { withReapproval } from '../domain/plan/reapproval.ts';
import { mayServe, servingPod } from '../domain/pod/serving-pod.ts';
import type { Observation } from '../domain/work/due-work.ts';
import { dueWork } from '../domain/work/due-work.ts';
import { progressPolicy } from '../domain/work/progress-deadline.ts';
import { begunSync } from '../domain/work/sync-lifecycle.ts';
import type { SyncNeed } from '../domain/work/sync-need.ts';
import { decideNodeStatus } from '../kubernetes/node-status.ts';
import { observationLive } from '../observation/observation.ts';
import { probeOf } from '../observation/probe-sidecar.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { BeginInput } from './contract/begin.ts';
import type { ActivityDeps } from './deps.ts';
import { getNodeLive } from './shared/get-node.ts';
import { preflightUnlessKnown } from './shared/preflight.ts';
import { recordEvent } from './shared/record-event.ts';
import { recordPause } from './shared/record-pause.ts';

/**
 * Decides from live reads whether something converges without a roll. A sync needs no plan; it records only a lost pod
 * or sidecar, because that may take a while to be ready again, and the end of a pause.
 *
 * Safe to retry: it reads, setting a condition to its present value changes nothing, and an adopted claim is found to
 * be the node's.
 */
export function createBeginSync(deps: ActivityDeps): NodeActivities['beginSync'] {
  return async (input) => {
    const { node: ref } = input;
    const node = await getNodeLive(deps, ref);
    if (node === undefined) return { kind: 'gone' };
    const observation = await observationLive(deps, node, probeOf(deps, ref));
    const due = dueWork(observation, deps.policy);
    if (due.kind !== 'nodeSync') return { kind: 'not-due', due };
    if (due.needs.some(isRecordedFirst)) await recordBegun(deps, input, observation);
    const target = targetFor(node, deps.policy.defaultSidecarImage);
    const { sidecar, statefulSet } = observation;
    const { hold } = due;
    // Under a hold the run touches nothing of the node; it only lets its pod through.
    const applies = hold === undefined && due.needs.some((need) => isAboutObjects(need, target));
    if (applies) await preflightUnlessKnown(deps, node, target);
    return {
      kind: 'begun',
      generation: node.metadata.generation,
      target,
      policy: progressPolicy(node),
      ...(hold !== undefined && { hold }),
      applies,
      ...(statefulSet?.uid === node.status?.statefulSet?.uid &&
        statefulSet !== undefined && {
          statefulSet: { uid: statefulSet.uid, generation: statefulSet.generation },
        }),
      // The sidecar of a new pod holds seid back until it is marked ready; in a bring-up it has tasks to do first.
      marksReady:
        mayServe(node) &&
        !(hold !== undefined && statefulSet?.replicas === 0) &&
        (sidecar === 'not-ready' ||
          due.needs.some(losesPod) ||
          servingPod(node, observation.pods) === undefined),
      // A pause has no effect on a node that never ran.
      scalesDown: hold === undefined && target.replicas === 0 && node.status?.phase !== 'Failed',
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
    case 'mark-ready':
    case 'record-pod':
    case 'end-reapproval':
    case 'record-config-currency':
    case 'pod-down':
    case 'settle-failure':
    case 'acknowledge-spec':
      return false;
    case 'settle-stall':
      // A paused node may have no objects yet; none are made only to see what held it back.
      return target.replicas > 0;
    case 'missing':
    case 'impostor':
    case 'drifted':
    case 'invalid-spec':
    case 'unpause':
      return true;
    default:
      return assertNever(kind);
  }
}

/** True when the StatefulSet is lost or foreign: its pod may still be shown for a while. */
function losesPod(need: SyncNeed): boolean {
  return need.kind === 'impostor' || (need.kind === 'missing' && need.object === 'StatefulSet');
}

/**
 * True for needs that status shows before the run acts on them: the run may have to wait for what was lost to come
 * back, and the key of a node that is shown as paused is free for others.
 */
function isRecordedFirst({ kind }: SyncNeed): boolean {
  return kind === 'mark-ready' || kind === 'pod-down' || kind === 'unpause';
}

async function recordBegun(
  deps: ActivityDeps,
  { node: ref, planId, workflowId }: BeginInput,
  observation: Observation,
): Promise<void> {
  const isSidecarLost = observation.sidecar === 'not-ready';
  const result = await decideNodeStatus(deps, ref, (node) => {
    const now = deps.now().toISOString();
    const begun = begunSync({ ...observation, node }, now);
    return {
      answer: isConditionTrue(node.status?.conditions, 'Paused'),
      status: isSidecarLost ? withReapproval(node, begun, { planId, workflowId }, now) : begun,
    };
  });
  if (result.kind === 'gone') return;
  await recordPause(deps, result.node, result.answer);
  if (result.kind !== 'written' || !isSidecarLost) return;
  await recordEvent(deps, ref, {
    type: 'Warning',
    reason: 'SidecarReadinessLost',
    message: 'the sidecar restarted and holds the node back; it is marked ready again',
    occurrence: planId,
  });
}
