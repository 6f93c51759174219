import { isEndOfUpdate, withHistoryEntry } from '../node/history.ts';
import type { Rollback, SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { planUnderWay } from './entitled.ts';
import { isReapproving } from './reapproval.ts';
import type { Command } from './steering.ts';

export type RollbackDecision =
  | { readonly kind: 'roll-back'; readonly rollback: Rollback }
  | { readonly kind: 'rolled-back-already'; readonly rollback: Rollback }
  | { readonly kind: 'refuse'; readonly why: string };

/**
 * Decides the image that a rollback of the one in spec leads to: the running image, if the rejected one
 * does not run yet, otherwise the one that ran before it. The rollback is written to status and never to
 * spec, so that a GitOps tool that owns spec does not fight it; any other image in spec ends it.
 */
export function rollbackDecision(node: SeiNode): RollbackDecision {
  const { currentImage, rollback } = node.status ?? {};
  const rejectedImage = node.spec.image;
  if (rollback !== undefined && rollback.rejectedImage === rejectedImage) {
    return { kind: 'rolled-back-already', rollback };
  }
  if (leavesSeid(node)) {
    return {
      kind: 'refuse',
      why: `the update under way does not change the image of seid, so ${rejectedImage} is not to blame; where the sidecar is, set spec.sidecar.image of SeiNode ${node.metadata.name}`,
    };
  }
  const image = currentImage === rejectedImage ? imageBefore(node, rejectedImage) : currentImage;
  if (image === undefined) {
    return {
      kind: 'refuse',
      why: `no image is recorded that ran before ${rejectedImage}; set spec.image of SeiNode ${node.metadata.name} instead`,
    };
  }
  const { generation } = node.metadata;
  return { kind: 'roll-back', rollback: { rejectedImage, image, generation } };
}

/** Returns whether the update under way concerns only the sidecar, or a pod that somebody has edited. */
function leavesSeid(node: SeiNode): boolean {
  const { plan } = node.status ?? {};
  const isUpdating = plan?.phase === 'Active' && !isReapproving(node);
  return isUpdating && plan.targetImage === plan.previousImage;
}

/** Returns the image that ran before `image`: an update that has not ended may have got as far as running `image`. */
function imageBefore(node: SeiNode, image: string): string | undefined {
  const { history = [], plan } = node.status ?? {};
  const newest = { from: plan?.previousImage ?? '', to: plan?.targetImage };
  const complete = history.filter(({ outcome }) => outcome === 'Complete');
  return [newest, ...complete].find(({ from, to }) => to === image && from !== image && from !== '')
    ?.from;
}

/**
 * Decides the image that a late update rolls back to automatically: the last image that completed on this
 * node, and only if this very update has taken seid away from it. Refuses for a rollback that is late
 * itself, and for an update that changes only the sidecar.
 */
export function autoRollbackDecision(
  node: SeiNode,
  planId: string,
): Exclude<RollbackDecision, { kind: 'rolled-back-already' }> {
  const { hold, rollback } = node.status ?? {};
  if (hold !== undefined) return { kind: 'refuse', why: `it is held by ${hold.actor}` };
  const plan = planUnderWay(node, planId);
  if (plan === undefined) {
    return { kind: 'refuse', why: 'the update is not under way any more' };
  }
  const { targetImage, previousImage } = plan;
  if (rollback !== undefined && rollback.rejectedImage === node.spec.image) {
    return { kind: 'refuse', why: `this is the rollback from ${rollback.rejectedImage} already` };
  }
  if (targetImage !== node.spec.image) {
    return { kind: 'refuse', why: `spec.image is ${node.spec.image} by now` };
  }
  if (previousImage === undefined || previousImage === targetImage) {
    return { kind: 'refuse', why: 'the image of seid is not what this update changes' };
  }
  const image = lastCompleted(node, previousImage, targetImage);
  if (image === undefined) {
    return {
      kind: 'refuse',
      why: `no other image is known to have worked on this node (${previousImage} did not complete); set spec.image`,
    };
  }
  const { generation } = node.metadata;
  return { kind: 'roll-back', rollback: { rejectedImage: targetImage, image, generation } };
}

/**
 * Returns the last image before `target` that an update, or the bring-up, completed. Follows updates that were given
 * up in between back to the image that they came from. An image without any entry is the one of the bring-up.
 */
function lastCompleted(node: SeiNode, previous: string, target: string): string | undefined {
  const attempts = (node.status?.history ?? []).filter(({ outcome }) => isEndOfUpdate(outcome));
  const seen = new Set<string>();
  for (let image = previous; image !== '' && image !== target && !seen.has(image);) {
    seen.add(image);
    const entries = attempts.filter(({ to }) => to === image);
    const isComplete = entries.some(({ outcome }) => outcome === 'Complete');
    const [newest] = entries;
    if (newest === undefined || isComplete) return image;
    image = newest.from;
  }
  return undefined;
}

/**
 * Returns the node without its rollback, so that the rejected image is tried again; undefined if it has
 * none. The image stays in spec, so nothing else would try it.
 */
export function unrejectedNode(
  node: SeiNode,
  { actor, reason }: Command,
  now: string,
): SeiNodeStatus | undefined {
  const { rollback, ...rest } = node.status ?? {};
  if (rollback === undefined || rollback.rejectedImage !== node.spec.image) return undefined;
  return {
    ...rest,
    history: withHistoryEntry(rest.history, {
      from: rollback.image,
      to: rollback.rejectedImage,
      outcome: 'Retried',
      startedAt: now,
      endedAt: now,
      actor,
      reason,
    }),
  };
}

/** Returns the node with a rollback that somebody has asked for, or that a late update has caused. */
export function rolledBackNode(
  node: SeiNode,
  rollback: Rollback,
  { actor, reason }: Command,
  now: string,
): SeiNodeStatus {
  const before = node.status ?? {};
  return {
    ...before,
    rollback,
    history: withHistoryEntry(before.history, {
      from: rollback.rejectedImage,
      to: rollback.image,
      outcome: 'RolledBack',
      startedAt: now,
      endedAt: now,
      actor,
      reason,
    }),
  };
}

/** Returns whether status still has a rollback that a changed spec.image has ended. */
export function hasEndedRollback({ spec, status }: SeiNode): boolean {
  return status?.rollback !== undefined && status.rollback.rejectedImage !== spec.image;
}

/** Returns the status without a rollback that a changed spec.image has ended. */
export function withoutEndedRollback(node: SeiNode): SeiNodeStatus {
  const before = node.status ?? {};
  const { rollback: _ended, ...rest } = before;
  return hasEndedRollback(node) ? rest : before;
}
