import { FailureType } from '../domain/failure-type.ts';
import type { PodReplacement } from '../domain/pod-replacement.ts';
import { podReplacement } from '../domain/pod-replacement.ts';
import type { PodView } from '../domain/pod-view.ts';
import { replacedPod } from '../domain/update-lifecycle.ts';
import { isNotFound } from '../kubernetes/errors.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities, RolloutInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { permanentFailure } from './failure-policy.ts';
import { keptNodeLive } from './node-at.ts';
import { watchAttempt } from './watch-attempt.ts';

type Settled = Exclude<PodReplacement, { kind: 'wait' }>;

/**
 * Deletes each pod that runs another revision than the StatefulSet's newest.
 *
 * Safe to retry: what is to be deleted is read live in the same attempt and deleted by UID and
 * resourceVersion, so a repetition finds the replacement at the newest revision and leaves it alone.
 */
export function createReplacePod(deps: ActivityDeps): NodeActivities['replacePod'] {
  return async (input) => {
    const ready = await watchAttempt(
      deps,
      input,
      () => settled(decideFromCache(deps, input)),
      () => describe(decideFromCache(deps, input)),
    );
    if (ready.kind === 'gone' || ready.kind === 'superseded') return ready;

    const [node, statefulSet, pods] = await Promise.all([
      keptNodeLive(deps, input.node),
      deps.api.getStatefulSet(input.node),
      deps.api.listPods(input.node),
    ]);
    if (node === undefined) return { kind: 'gone' };
    const decision = podReplacement(input.statefulSet, statefulSet, pods, node.status?.pod);
    switch (decision.kind) {
      case 'wait':
        // The cache saw it settled, the live object moved on: the next attempt looks again.
        throw new Error(`replace-pod waits for ${decision.waitingFor}`);
      case 'refuse':
        throw permanentFailure(
          FailureType.TooManyReplicas,
          `StatefulSet ${input.node.name} has ${decision.replicas} replicas: a node has one, because two pods with one signing key double-sign; scale it to 1`,
        );
      case 'done':
        // An earlier attempt may have deleted the pod and not lived to say so.
        await recordReplacement(deps, input);
        return { kind: 'replaced', pods: [] };
      case 'replace':
        await Promise.all(decision.pods.map((pod) => deletePod(deps, pod)));
        await recordReplacement(deps, input);
        return { kind: 'replaced', pods: decision.pods.map((pod) => pod.name) };
    }
  };
}

function decideFromCache(deps: ActivityDeps, input: RolloutInput): PodReplacement {
  return podReplacement(
    input.statefulSet,
    deps.cache.statefulSet(input.node),
    deps.cache.pods(input.node),
    deps.cache.node(input.node)?.status?.pod,
  );
}

function settled(decision: PodReplacement): Settled | undefined {
  return decision.kind === 'wait' ? undefined : decision;
}

function describe(decision: PodReplacement): string {
  return decision.kind === 'wait' ? `waiting for ${decision.waitingFor}` : decision.kind;
}

async function deletePod(deps: ActivityDeps, pod: PodView): Promise<void> {
  try {
    await deps.api.deletePod(pod);
  } catch (err) {
    // Somebody else, or an earlier attempt, was faster: the pod that was to go is gone.
    if (!isNotFound(err)) throw err;
  }
}

async function recordReplacement(deps: ActivityDeps, input: RolloutInput): Promise<void> {
  await updateNodeStatus(deps, input.node, (node) =>
    replacedPod(node, input.planId, deps.now().toISOString()),
  );
}
