import { assertNever } from '../domain/assert-never.ts';
import type { NodeRef } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import type { StallChange } from '../domain/node/stall.ts';
import { stallChange } from '../domain/node/stall.ts';
import { keepsWhatItOwns } from '../domain/owned/orphaning.ts';
import type { PodView } from '../domain/pod/pod-view.ts';
import type { PodOfNode } from '../domain/pod/pods-of-node.ts';
import { describeLeft, leftTrouble, podsOfNode } from '../domain/pod/pods-of-node.ts';
import type { StatefulSetView } from '../domain/pod/stateful-set-view.ts';
import { nodeWithPodsLeft } from '../domain/work/sync-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import { terminationGraceSeconds } from '../manifests/termination-grace.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { AwaitPodsGoneInput, AwaitPodsGoneResult } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import { isBeingDeleted, getNodeLive } from './shared/get-node.ts';
import { getSeenPods } from './shared/get-seen-pods.ts';
import { hasLetGo } from './shared/let-go.ts';
import { releaseMountLeases } from './shared/mount-leases.ts';
import { recordEvent } from './shared/record-event.ts';
import { unlessGone } from './shared/unless-gone.ts';
import { watchUntil } from './shared/watch-until.ts';

/** Live looks at this interval: no watch shows a pod without the node's label, and a watch may be behind. */
const LOOK_EVERY_MS = 10_000;

/**
 * Waits until no pod of the node is left, and records on the node which pods are: a pod that exists may run, and sign.
 * Only live reads count. For a deleted node it deletes the pod that a StatefulSet has left behind, with the grace of
 * its spec; it deletes nothing else, and forces nothing. A paused node then frees its keys for others.
 *
 * Safe to retry: the pod that it deletes was read live in the same attempt and is named by UID and resourceVersion, and
 * it records only what it saw.
 */
export function createAwaitPodsGone(deps: ActivityDeps): NodeActivities['awaitPodsGone'] {
  return async (input) => {
    let quietSince: Date | undefined;
    for (;;) {
      // Taken before the look, so that a later change causes another look.
      const before = fingerprint(deps, input.node);
      const lookedAtMs = deps.now().getTime();
      const look = await lookLive(deps, input);
      if (look.kind !== 'left') return look;
      const { left } = look;
      await record(deps, input, left);
      if (input.because === 'deleted') await endOrphans(deps, look.node, left);

      const turnNow = (): StallChange | undefined => {
        const now = deps.now();
        const trouble = leftTrouble(left, now.getTime());
        quietSince = trouble === undefined ? (quietSince ?? now) : undefined;
        const quietMs = now.getTime() - (quietSince ?? now).getTime();
        return stallChange(trouble, input.known, quietMs);
      };
      const found = await watchUntil<StallChange | 'look again'>(
        deps.cache,
        input.node,
        () => {
          const turn = turnNow();
          if (turn !== undefined) return turn;
          const isDue = deps.now().getTime() - lookedAtMs >= LOOK_EVERY_MS;
          return isDue || fingerprint(deps, input.node) !== before ? 'look again' : undefined;
        },
        () => waitingFor(left),
      );
      if (found !== 'look again') return found;
    }
  };
}

type Look =
  | Exclude<AwaitPodsGoneResult, StallChange>
  /** `left` is empty while the step only waits for the StatefulSet controller. */
  | { readonly kind: 'left'; readonly node: SeiNode; readonly left: readonly PodOfNode[] };

async function lookLive(
  deps: ActivityDeps,
  { node: ref, because }: AwaitPodsGoneInput,
): Promise<Look> {
  const node = await getNodeLive(deps, ref);
  if (node === undefined) return { kind: 'gone' };
  const seen = await getSeenPods(deps.api, ref);
  const left = podsOfNode(node, seen);
  switch (because) {
    case 'deleted':
      if (!isBeingDeleted(node)) return { kind: 'superseded' };
      if (left.length === 0 || keepsWhatItOwns(node)) return { kind: 'none-left' };
      // It was made, or got its owner back, since the step before: that step deletes it.
      if (isOwned(ref, seen.statefulSet)) return { kind: 'superseded' };
      if (left.some(isToBeEnded) && (await hasLetGo(deps.api, node))) {
        return { kind: 'none-left' };
      }
      return { kind: 'left', node, left };
    case 'paused':
      if (isBeingDeleted(node)) return { kind: 'gone' };
      if (!isScaledDown(node, seen.statefulSet)) return { kind: 'superseded' };
      if (left.length > 0 || !isObserved(seen.statefulSet)) return { kind: 'left', node, left };
      await releaseMountLeases(deps, node);
      return { kind: 'none-left' };
    default:
      return assertNever(because);
  }
}

function isOwned(node: NodeRef, statefulSet: StatefulSetView | undefined): boolean {
  return statefulSet?.owner?.uid === node.uid && !statefulSet.terminating;
}

/** True when nothing asks for a pod any more. Otherwise there is something to apply, and no point in waiting. */
function isScaledDown({ spec }: SeiNode, statefulSet: StatefulSetView | undefined): boolean {
  return spec.paused === true && (statefulSet === undefined || statefulSet.replicas === 0);
}

/** False until the controller has seen that there is to be no pod: until then it may make one. */
function isObserved(statefulSet: StatefulSetView | undefined): boolean {
  return statefulSet === undefined || statefulSet.observedGeneration >= statefulSet.generation;
}

async function record(
  deps: ActivityDeps,
  { node: ref, because }: AwaitPodsGoneInput,
  left: readonly PodOfNode[],
): Promise<void> {
  if (left.length === 0) return;
  await updateNodeStatus(deps, ref, (node) => {
    // The next look answers whoever lifts the pause or deletes the node.
    const isAsked = because === 'paused' ? node.spec.paused === true : isBeingDeleted(node);
    return isAsked ? nodeWithPodsLeft(node, because, left, deps.now().toISOString()) : undefined;
  });
}

/** Deletes pods whose StatefulSet is gone: they are part of the node, and its key must not go on signing. */
async function endOrphans(
  deps: ActivityDeps,
  node: SeiNode,
  left: readonly PodOfNode[],
): Promise<void> {
  for (const { pod } of left.filter(isToBeEnded)) await endOrphan(deps, node, pod);
}

function isToBeEnded({ kind, pod }: PodOfNode): boolean {
  return kind === 'orphaned' && pod.deletionTimestamp === undefined;
}

async function endOrphan(deps: ActivityDeps, node: SeiNode, pod: PodView): Promise<void> {
  await unlessGone(() => deps.api.deletePod(pod, terminationGraceSeconds(node, deps.platform)));
  await recordEvent(deps, node.metadata, {
    type: 'Normal',
    reason: 'OrphanedPodDeleted',
    message: `pod ${pod.name} of the deleted node had no StatefulSet any more, and was asked to stop`,
    occurrence: pod.uid,
  });
}

function waitingFor(left: readonly PodOfNode[]): string {
  return left.length === 0
    ? 'waiting for the StatefulSet controller to see that there is to be no pod'
    : `waiting for ${describeLeft(left)}`;
}

/** Returns a text that changes with what the shared watches show of the node, its StatefulSet and its pods. */
function fingerprint({ cache }: ActivityDeps, node: NodeRef): string {
  return [cache.node(node)?.metadata, cache.statefulSet(node), ...cache.pods(node)]
    .map((one) => `${one?.uid} ${one?.resourceVersion}`)
    .join(', ');
}
