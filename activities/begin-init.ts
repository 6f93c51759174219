import type { NodeRef } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { stallOf } from '../domain/node/stall.ts';
import { initSteps, TAKE_OVER_STEPS } from '../domain/node/step.ts';
import { targetFor } from '../domain/node/target.ts';
import type { FoundPod } from '../domain/plan/take-over.ts';
import { NO_POD, withFoundImages } from '../domain/plan/take-over.ts';
import type { TemplateImages } from '../domain/pod/observed-pod.ts';
import { templateOf } from '../domain/pod/observed-pod.ts';
import type { IdentifiedTask } from '../domain/sidecar/identified-tasks.ts';
import { identifiedTasks } from '../domain/sidecar/identified-tasks.ts';
import { startedPod } from '../domain/sidecar/let-through.ts';
import { peerNamespaces } from '../domain/sidecar/peer-source.ts';
import { initTasks } from '../domain/sidecar/sidecar-plan.ts';
import type { DueWork } from '../domain/work/due-work.ts';
import { dueWork, observationOf } from '../domain/work/due-work.ts';
import { startedInit } from '../domain/work/init-lifecycle.ts';
import { progressPolicy } from '../domain/work/progress-deadline.ts';
import type { ClusterCache } from '../kubernetes/cluster.ts';
import { decideNodeStatus } from '../kubernetes/node-status.ts';
import { guardBootstrapImage } from '../manifests/bootstrap-image-guard.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { ensureFinalizer } from './shared/ensure-finalizer.ts';
import { getDueWork } from './shared/get-due-work.ts';
import { lookAtPod } from './shared/look-at-pod.ts';
import { preflight } from './shared/preflight.ts';
import { refuseUnlisted } from './shared/where-listed.ts';

/**
 * Decides whether the node is to be brought up or taken over, and records the beginning before anything else is
 * written, with the ids of the tasks for the sidecar. Then checks that everything to be written may be written.
 *
 * Safe to retry: the patch carries the resourceVersion that it was decided from; a plan that has begun for this target
 * is found and kept, with its task ids; and an adopted claim is found to be the node's.
 */
export function createBeginInit(deps: ActivityDeps): NodeActivities['beginInit'] {
  return async ({ node, planId, workflowId, newTaskIds }) => {
    const found = await findPod(deps, node);
    const isServing = (current: SeiNode): boolean =>
      found.isLetThrough || current.status?.phase === 'Running';
    const result = await decideNodeStatus<InitDecision>(deps, node, (current) => {
      // Only the node itself decides whether it is to be brought up.
      const due = dueWork(observationOf(current), deps.policy);
      const target = targetFor(current, deps.policy.defaultSidecarImage);
      const tasks = isServing(current)
        ? []
        : identifiedTasks(
            initTasks(current, peersOf(deps.cache, current), deps.platform.clusterDomain),
            current.status?.plan,
            newTaskIds,
          );
      const steps = isServing(current) ? TAKE_OVER_STEPS : initSteps(tasks.map(({ type }) => type));
      const start = { planId, workflowId, target, steps, tasks };
      const answer = { due, tasks };
      if (due.kind !== 'nodeInit') return { answer, status: undefined };
      const status = startedInit(current, start, deps.now().toISOString());
      const { running: pod, template } = found;
      const isTakenOver = isServing(current) && pod !== undefined;
      return { answer, status: isTakenOver ? withFoundImages(status, { pod, template }) : status };
    });
    if (result.kind === 'gone') return result;
    const { due, tasks } = result.answer;
    if (due.kind !== 'nodeInit')
      return { kind: 'not-due', due: await getDueWork(deps, result.node) };
    await ensureFinalizer(deps, node);
    const target = targetFor(result.node, deps.policy.defaultSidecarImage);
    if (!isServing(result.node)) guardBootstrapImage(result.node);
    await preflight(deps, result.node, target);
    const begun = {
      generation: result.node.metadata.generation,
      target,
      previousImage: result.node.status?.currentImage,
      policy: progressPolicy(result.node),
      stall: stallOf(result.node.status),
    };
    return isServing(result.node)
      ? {
          kind: 'taking-over',
          ...begun,
          marksReady: found.sidecar === 'not-ready' && begun.target.replicas === 1,
        }
      : { kind: 'begun', ...begun, tasks };
  };
}

/** @throws a retryable failure while nodes that may be its peers are not listed yet: it would come up without them */
function peersOf(cache: ClusterCache, node: SeiNode): Iterable<SeiNode> {
  for (const namespace of peerNamespaces(node)) refuseUnlisted(cache, { namespace });
  return cache.nodes();
}

interface InitDecision {
  readonly due: DueWork;
  readonly tasks: readonly IdentifiedTask[];
}

/**
 * Finds the node's pod, whatever status says: another operator may have run it, its status may be lost, or a run may
 * have ended before it could record that the node is up. Reads live, because a bring-up restores and configures the
 * volume, and a seid that was let through works on it.
 */
async function findPod(
  deps: ActivityDeps,
  ref: NodeRef,
): Promise<FoundPod & { readonly template?: TemplateImages | undefined }> {
  const pods = await deps.api.listPods(ref);
  if (pods.length === 0) return NO_POD;
  const statefulSet = await deps.api.getStatefulSet(ref);
  const pod = startedPod(pods, statefulSet);
  if (pod === undefined) return NO_POD;
  return { ...(await lookAtPod(deps, ref, pod)), template: templateOf(pod, statefulSet) };
}
