import { FailureType } from './failure-type.ts';
import type { SeiNode } from './sei-node.ts';
import { NODE_LABEL, SEI_NODE_KIND } from './sei-node.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

/** What to do about the StatefulSet that is found, or not found, under the node's name. */
export type Adoption =
  | { readonly kind: 'create' }
  | { readonly kind: 'adopt'; readonly uid: string }
  | { readonly kind: 'wait'; readonly waitingFor: string }
  | { readonly kind: 'refuse'; readonly type: FailureType; readonly message: string };

/**
 * Decides from live reads. A StatefulSet of another controller is never touched; one that nobody
 * owns becomes the node's only if its immutable fields fit, since no apply could change them.
 */
export function adoption(node: SeiNode, found: StatefulSetView | undefined): Adoption {
  if (found === undefined) return { kind: 'create' };
  const { name } = node.metadata;
  if (found.owner !== undefined && found.owner.uid !== node.metadata.uid) {
    // The garbage collector removes what a deleted node of the same name has left behind.
    if (found.owner.kind === SEI_NODE_KIND && found.owner.name === name) {
      return {
        kind: 'wait',
        waitingFor: `StatefulSet ${name} of the deleted SeiNode to be removed`,
      };
    }
    return {
      kind: 'refuse',
      type: FailureType.ForeignOwner,
      message: `StatefulSet ${name} belongs to ${found.owner.kind} ${found.owner.name}: delete it there, or give the SeiNode another name`,
    };
  }
  if (found.terminating) {
    return { kind: 'wait', waitingFor: `StatefulSet ${name} to be removed` };
  }
  const tracked = node.status?.statefulSet?.uid;
  if (tracked !== undefined && tracked !== found.uid) {
    return {
      kind: 'refuse',
      type: FailureType.Incompatible,
      message: `StatefulSet ${name} has UID ${found.uid}, but status.statefulSet.uid of the SeiNode is ${tracked}: delete the StatefulSet, and it is created anew`,
    };
  }
  const misfit = misfitOf(node, found);
  return misfit === undefined
    ? { kind: 'adopt', uid: found.uid }
    : { kind: 'refuse', type: FailureType.Incompatible, message: misfit };
}

function misfitOf(node: SeiNode, found: StatefulSetView): string | undefined {
  const { name } = node.metadata;
  if (found.serviceName !== name) {
    return misfit(name, 'spec.serviceName', found.serviceName, name);
  }
  const labels = Object.entries(found.selector);
  if (labels.length !== 1 || found.selector[NODE_LABEL] !== name) {
    const selector = labels.map(([key, value]) => `${key}=${value}`).join(',');
    return misfit(name, 'spec.selector', selector, `${NODE_LABEL}=${name}`);
  }
  return undefined;
}

function misfit(name: string, field: string, value: string, wanted: string): string {
  return `StatefulSet ${name} cannot be adopted: ${field} is "${value}", must be "${wanted}", and cannot be changed: delete the StatefulSet with --cascade=orphan`;
}
