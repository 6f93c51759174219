import { withHistoryEntry } from './history.ts';
import type { Rollback, SeiNode, SeiNodeStatus } from './sei-node.ts';
import type { Command } from './steering.ts';

export type RollbackDecision =
  | { readonly kind: 'roll-back'; readonly rollback: Rollback }
  | { readonly kind: 'rolled-back-already'; readonly rollback: Rollback }
  | { readonly kind: 'refuse'; readonly why: string };

/**
 * Where a rollback of the image in spec leads: to the image that runs, if the rejected one does not
 * run yet, else to the one that ran before it. It is written to status and never to spec, so that a
 * GitOps tool that owns spec does not fight it; any other image in spec ends it.
 */
export function rollbackDecision(node: SeiNode): RollbackDecision {
  const { currentImage, rollback } = node.status ?? {};
  const rejectedImage = node.spec.image;
  if (rollback !== undefined && rollback.rejectedImage === rejectedImage) {
    return { kind: 'rolled-back-already', rollback };
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

/** What ran before `image`: an update that has not ended may have come as far as to run that. */
function imageBefore(node: SeiNode, image: string): string | undefined {
  const { history = [], plan } = node.status ?? {};
  const newest = { from: plan?.previousImage ?? '', to: plan?.targetImage };
  const complete = history.filter(({ outcome }) => outcome === 'Complete');
  return [newest, ...complete].find(({ from, to }) => to === image && from !== image && from !== '')
    ?.from;
}

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

/** Whether status still has a rollback that a changed spec.image has ended. */
export function hasEndedRollback({ spec, status }: SeiNode): boolean {
  return status?.rollback !== undefined && status.rollback.rejectedImage !== spec.image;
}

/** The status without a rollback that a changed spec.image has ended. */
export function withoutEndedRollback(node: SeiNode): SeiNodeStatus {
  const before = node.status ?? {};
  const { rollback: _ended, ...rest } = before;
  return hasEndedRollback(node) ? rest : before;
}
