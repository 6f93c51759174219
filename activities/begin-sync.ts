import { dueWork } from '../domain/due-work.ts';
import type { PodView } from '../domain/pod-view.ts';
import { runningPod } from '../domain/rollout.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import { targetFor } from '../domain/target.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeLive } from './node-at.ts';
import { observationLive } from '../manifests/observation.ts';

/**
 * Decides from live reads whether something converges without a roll. It writes nothing: what is
 * found needs no plan, and most of it is one apply.
 *
 * Safe to retry: it only reads.
 */
export function createBeginSync(deps: ActivityDeps): NodeActivities['beginSync'] {
  return async ({ node: ref }) => {
    const node = await nodeLive(deps, ref);
    if (node === undefined) return { kind: 'gone' };
    const observation = await observationLive(deps, node);
    const due = dueWork(observation, deps.policy);
    if (due.kind !== 'nodeSync') return { kind: 'not-due', due };
    const target = targetFor(node, deps.policy.defaultSidecarImage);
    return {
      kind: 'begun',
      generation: node.metadata.generation,
      target,
      applies: due.needs.some((need) => !isAboutStatusAlone(need.kind)),
      awaitsPod: target.replicas === 1 && !hasRunningPod(node, observation.pods),
    };
  };
}

function isAboutStatusAlone(need: string): boolean {
  return need === 'pause' || need === 'record-pod-currency';
}

/** A pod that comes up anew has a sidecar that holds it back until it is marked ready. */
function hasRunningPod(node: SeiNode, pods: readonly PodView[]): boolean {
  const tracked = node.status?.statefulSet?.uid;
  return pods.some(
    (pod) =>
      pod.statefulSetUid === tracked &&
      pod.deletionTimestamp === undefined &&
      runningPod(pod) !== undefined,
  );
}
