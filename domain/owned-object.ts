import { FailureType } from './failure-type.ts';
import type { LiveObject } from './live-object.ts';
import type { SeiNode } from './sei-node.ts';
import { SEI_NODE_KIND } from './sei-node.ts';

/** Whether the object that has the name of a node's Service or ConfigMap may be written. */
export type Ownership =
  | { readonly kind: 'ours' }
  | { readonly kind: 'wait'; readonly waitingFor: string }
  | { readonly kind: 'refuse'; readonly type: FailureType; readonly message: string };

interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/**
 * Whose an object is that exists under one of the node's names. Another application's is never taken
 * over: it would serve our pod, and go with the node. One that nobody owns is taken up only where the
 * label and the field manager say that an operator of SeiNodes left it behind for this node.
 *
 * @param object what to call it: `Service n0`
 */
export function ownershipOf(
  { metadata }: Pick<SeiNode, 'metadata'>,
  live: LiveObject,
  object: string,
): Ownership {
  const owners = ownersOf(live);
  const controller = owners.find((owner) => owner.controller === true);
  if (controller?.uid === metadata.uid) return { kind: 'ours' };
  if (controller?.kind === SEI_NODE_KIND && controller.name === metadata.name) {
    // The garbage collector removes what a deleted node of the same name has left behind.
    return { kind: 'wait', waitingFor: `${object} of the deleted SeiNode to be gone` };
  }
  const owner = controller ?? owners[0];
  if (owner === undefined && live.node === metadata.name && live.isApplied) return { kind: 'ours' };
  const whose =
    owner === undefined ? 'is not of this SeiNode' : `belongs to ${owner.kind} ${owner.name}`;
  return {
    kind: 'refuse',
    type: FailureType.ForeignOwner,
    message: `${object} exists and ${whose}: delete it, or give the SeiNode another name`,
  };
}

function ownersOf(live: LiveObject): readonly Owner[] {
  const { metadata } = JSON.parse(live.content) as {
    readonly metadata: { readonly ownerReferences?: readonly Owner[] };
  };
  return metadata.ownerReferences ?? [];
}
