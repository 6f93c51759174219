import { FailureType } from '../failure/failure-type.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { NODE_LABEL } from '../node/sei-node.ts';
import type { StatefulSetView } from '../pod/stateful-set-view.ts';
import type { FoundObject } from './owned-object.ts';
import { foundStatefulSet, ownershipOf } from './owned-object.ts';

/** The action for the StatefulSet that exists, or does not exist, under the node's name. */
export type StatefulSetSync =
  /** The tracked one is gone: it is forgotten first, and only then made again. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'create' }
  | { readonly kind: 'apply'; readonly found: StatefulSetView; readonly adopted: boolean }
  /** A backup tool restored it with an earlier node as its owner, which is replaced before the apply. */
  | { readonly kind: 'replace-owner'; readonly found: FoundObject }
  /** An impostor has the name: the tracked identity is cleared first, and only then the impostor is deleted. */
  | { readonly kind: 'delete-impostor'; readonly found: StatefulSetView }
  | { readonly kind: 'wait'; readonly waitingFor: string }
  | { readonly kind: 'refuse'; readonly type: FailureType; readonly message: string };

/**
 * Decides from live reads of both the node and the StatefulSet.
 *
 * The operator never makes a tracked StatefulSet again while it is tracked, because `forget` is persisted
 * before `create`. So any other one under the name was made by somebody else while one is tracked, and a
 * StatefulSet of ours whose identity was not recorded in time never counts as an impostor.
 */
export function statefulSetSync(
  node: SeiNode,
  found: StatefulSetView | undefined,
): StatefulSetSync {
  const tracked = node.status?.statefulSet?.uid;
  if (found === undefined) return { kind: tracked === undefined ? 'create' : 'forget' };
  const object = foundStatefulSet(found);
  const ownership = ownershipOf(node, object);
  if (ownership.kind === 'refuse' || ownership.kind === 'wait') return ownership;
  if (found.terminating) return wait(`StatefulSet ${found.name} to be gone`);
  const isTracked = found.uid === tracked;
  if (ownership.kind === 'adoptable' && ownership.from === 'earlier node') {
    // A backup tool restored it, and also the status that tracks the one from before.
    if (tracked !== undefined && !isTracked) return { kind: 'forget' };
    return misfitRefusal(node, found) ?? { kind: 'replace-owner', found: object };
  }
  if (!isTracked && (tracked !== undefined || found.uid === node.status?.impostor?.uid)) {
    return { kind: 'delete-impostor', found };
  }
  return misfitRefusal(node, found) ?? { kind: 'apply', found, adopted: !isTracked };
}

function misfitRefusal(node: SeiNode, found: StatefulSetView): StatefulSetSync | undefined {
  const message = misfitOf(node, found);
  if (message === undefined) return undefined;
  return { kind: 'refuse', type: FailureType.Incompatible, message };
}

function wait(waitingFor: string): StatefulSetSync {
  return { kind: 'wait', waitingFor };
}

/** Returns why an unowned StatefulSet cannot become the node's: no apply could change these fields. */
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
  if (found.podManagementPolicy !== 'OrderedReady') {
    return misfit(name, 'spec.podManagementPolicy', found.podManagementPolicy, 'OrderedReady');
  }
  if (found.claimTemplates.length > 0) {
    // Its controller may delete their claims with the pod or the StatefulSet: data would go by accident.
    return misfit(name, 'spec.volumeClaimTemplates', found.claimTemplates.join(','), '');
  }
  return undefined;
}

function misfit(name: string, field: string, value: string, wanted: string): string {
  return `StatefulSet ${name} cannot be adopted: ${field} is "${value}", must be "${wanted}", and cannot be changed: delete the StatefulSet with --cascade=orphan`;
}
