import { Context } from '@temporalio/activity';

import { assertNever } from '../domain/assert-never.ts';
import { FailureType } from '../domain/failure/failure-type.ts';
import type { Stall, StallChange } from '../domain/node/stall.ts';
import { planUnderWay } from '../domain/plan/entitled.ts';
import type { PodReplacement } from '../domain/pod/pod-replacement.ts';
import { isOtherTemplate, podReplacement } from '../domain/pod/pod-replacement.ts';
import { replacedPod } from '../domain/work/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import { terminationGraceSeconds } from '../manifests/termination-grace.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { Superseded } from './contract/plan.ts';
import type { ReplacePodInput, ReplacePodResult, RolloutInput } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import { checkSuccessor } from './shared/check-successor.ts';
import { confirmUpdateWanted } from './shared/confirm-update-wanted.ts';
import { resting, saysInHeartbeats } from './shared/heartbeating.ts';
import { checkMounts } from './shared/mounts.ts';
import { permanentFailure } from './shared/permanent-failure.ts';
import { unlessGone } from './shared/unless-gone.ts';
import { watchAttempt } from './shared/watch-attempt.ts';

type Settled = Exclude<PodReplacement, { kind: 'wait' }>;

/** Slow, because people mend a refusal, and the old pod serves meanwhile. */
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Deletes the node's pod where it runs another revision than the newest of the StatefulSet, once no other pod of that
 * StatefulSet is left, the API server would accept the successor, and the successor would find what it mounts.
 *
 * Safe to retry: the pod to delete is read live in the same attempt and deleted by UID and resourceVersion, so a
 * repetition finds the replacement at the newest revision and leaves it alone.
 */
export function createReplacePod(deps: ActivityDeps): NodeActivities['replacePod'] {
  return async (input) => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const end = await tryToReplace(deps, input);
      if (end.kind !== 'refused') return end;
      const { refusal } = end;
      if (refusal.reason !== input.known?.reason) return { kind: 'blocked', trouble: refusal };
      saysInHeartbeats(() => refusal.message);
      await resting(Context.current().sleep(pauseMs));
    }
  };
}

const SUPERSEDED: Superseded = { kind: 'superseded' };

type Try =
  | Exclude<ReplacePodResult, StallChange>
  | { readonly kind: 'refused'; readonly refusal: Stall };

async function tryToReplace(deps: ActivityDeps, input: ReplacePodInput): Promise<Try> {
  const ready = await watchAttempt(
    deps,
    input,
    () =>
      isOtherTemplate(input.statefulSet, deps.cache.statefulSet(input.node))
        ? SUPERSEDED
        : settled(decideFromCache(deps, input)),
    () => describe(decideFromCache(deps, input)),
  );
  if (ready.kind === 'gone' || ready.kind === 'superseded') return ready;

  const [statefulSet, pods] = await Promise.all([
    deps.api.getStatefulSet(input.node),
    deps.api.listPods(input.node),
  ]);
  if (isOtherTemplate(input.statefulSet, statefulSet)) return SUPERSEDED;
  const observed = deps.cache.node(input.node)?.status?.pod;
  const decision = podReplacement(input.statefulSet, statefulSet, pods, observed);
  switch (decision.kind) {
    case 'wait':
      // The cache saw it settled, and the live object has moved on: the next attempt looks again.
      throw new Error(`replace-pod waits for ${decision.waitingFor}`);
    case 'refuse':
      throw permanentFailure(
        FailureType.TooManyReplicas,
        `StatefulSet ${input.node.name} has ${decision.replicas} replicas: a node has one, because two pods with one signing key double-sign; scale it to 1`,
      );
    case 'crowded':
      return { kind: 'refused', refusal: decision.stall };
    case 'done':
      // An earlier attempt may have deleted the pod and ended before it could say so.
      await recordReplacement(deps, input);
      return { kind: 'replaced', pods: [] };
    case 'replace': {
      const refusal =
        (await checkMounts(deps, input.node)) ??
        (statefulSet && (await checkSuccessor(deps, statefulSet.nextPod)));
      if (refusal !== undefined) return { kind: 'refused', refusal };
      const now = await confirmUpdateWanted(deps, input);
      if (now.kind !== 'wanted') return now;
      // By the current spec: a pod that was made with a shorter grace is not killed early for it.
      const graceSeconds = terminationGraceSeconds(now.node, deps.platform);
      await Promise.all(
        decision.pods.map((pod) => unlessGone(() => deps.api.deletePod(pod, graceSeconds))),
      );
      await recordReplacement(deps, input);
      return { kind: 'replaced', pods: decision.pods.map((pod) => pod.name) };
    }
    default:
      return assertNever(decision);
  }
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

async function recordReplacement(deps: ActivityDeps, input: RolloutInput): Promise<void> {
  await updateNodeStatus(
    deps,
    input.node,
    (node) =>
      planUnderWay(node, input.planId) && replacedPod(node, input.planId, deps.now().toISOString()),
  );
}
