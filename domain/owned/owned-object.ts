import { assertNever } from '../assert-never.ts';
import { FailureType } from '../failure/failure-type.ts';
import type { OwnerView } from '../node/owner-view.ts';
import { controllerAmong } from '../node/owner-view.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { NODE_LABEL, SEI_NODE_GROUP, SEI_NODE_KIND } from '../node/sei-node.ts';
import type { StatefulSetView } from '../pod/stateful-set-view.ts';
import type { LiveObject } from './live-object.ts';
import { MOST_LABELS } from './live-object.ts';

type Labels = Readonly<Record<string, string>>;

interface Found {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly terminating: boolean;
  readonly owners: readonly OwnerView[];
  readonly labels: Labels;
}

/** An object under one of the node's names, with the fields that show whose it is. */
export type FoundObject =
  | (Found & { readonly kind: 'StatefulSet'; readonly selector: Labels })
  /** `isApplied`: our field manager, which is the original operator's too, has applied it. */
  | (Found & { readonly kind: 'Service' | 'ConfigMap'; readonly isApplied: boolean })
  | (Found & { readonly kind: 'PersistentVolumeClaim' });

export type FoundKind = FoundObject['kind'];

/** The owner of an object, which decides whether the operator may write it. */
export type Ownership =
  | { readonly kind: 'ours' }
  /**
   * Provably the node's, and nobody owns it, or an earlier node of its name does: a backup tool restores
   * such objects, and another operator of SeiNodes leaves them behind.
   */
  | { readonly kind: 'adoptable'; readonly from: 'nobody' | 'earlier node' }
  | { readonly kind: 'wait'; readonly waitingFor: string }
  | { readonly kind: 'refuse'; readonly type: FailureType; readonly message: string };

const OURS = { kind: 'ours' } as const;

/**
 * Decides whose an object under one of the node's names is. The operator never adopts that of another application:
 * it would serve our pod, or lend it its data, and go with the node.
 *
 * Objects that a deleted node leaves behind are being deleted: either its own deletion waits for that, or the
 * garbage collector takes care of it. An object that names an earlier node of the name and stays was restored.
 */
export function ownershipOf(
  node: Pick<SeiNode, 'metadata' | 'status'>,
  found: FoundObject,
): Ownership {
  const controller = controllerAmong(found.owners);
  if (controller?.uid === node.metadata.uid) return OURS;
  const isTracked = found.kind === 'StatefulSet' && found.uid === node.status?.statefulSet?.uid;
  if (isTracked && controller === undefined) return OURS;
  const others = found.owners.filter(({ uid }) => uid !== node.metadata.uid);
  const stranger = others.find((owner) => !isEarlierNode(node, owner));
  if (stranger !== undefined) {
    return refusal(node, found, `belongs to ${stranger.kind} ${stranger.name}`);
  }
  if (others.length > 0) {
    if (found.terminating) return wait(`${found.kind} ${found.name} of the deleted SeiNode`);
    const label = found.labels[NODE_LABEL] ?? node.metadata.name;
    return label === node.metadata.name
      ? { kind: 'adoptable', from: 'earlier node' }
      : refusal(node, found, strangerClause(found));
  }
  if (found.owners.length > 0) return OURS;
  if (!isProvablyOf(node, found)) return refusal(node, found, strangerClause(found));
  return found.terminating
    ? wait(`${found.kind} ${found.name}`)
    : { kind: 'adoptable', from: 'nobody' };
}

/**
 * Decides whether a claim that the node imports may hold its data: it may not while another SeiNode has it. The
 * operator never adopts it, so the garbage collector would take one that names an earlier node away from under the pod.
 */
export function importOwnership(
  { metadata }: Pick<SeiNode, 'metadata'>,
  claim: FoundObject,
): Ownership {
  const other = claim.owners.find(isSeiNode);
  if (other === undefined) return OURS;
  const remedy = importRemedy(metadata, other);
  return {
    kind: 'refuse',
    type: FailureType.ForeignOwner,
    message: `PersistentVolumeClaim ${claim.name} (spec.dataVolume.import.pvcName) belongs to SeiNode ${other.name}, which ${remedy}`,
  };
}

function importRemedy(node: SeiNode['metadata'], owner: OwnerView): string {
  if (owner.uid === node.uid) {
    return 'made it or adopted it, so that it would be deleted with it: take the owner reference off the claim, or leave out the import';
  }
  return owner.name === node.name
    ? 'is gone: take the owner reference off the claim, or the garbage collector deletes it'
    : 'has it as its data: import another claim';
}

/** Returns the Service, ConfigMap or StatefulSet from the view that drift is decided from. */
export function foundObject(
  kind: Exclude<FoundKind, 'PersistentVolumeClaim'>,
  live: LiveObject,
): FoundObject {
  const { namespace, name, uid, resourceVersion, terminating, owners, labels } = live;
  const found = { namespace, name, uid, resourceVersion, terminating, owners, labels };
  return kind === 'StatefulSet'
    ? { ...found, kind, selector: live.selector }
    : { ...found, kind, isApplied: live.isApplied };
}

/** Returns the StatefulSet from the view that rollouts are decided from. */
export function foundStatefulSet(view: StatefulSetView): FoundObject {
  const { namespace, name, uid, resourceVersion, terminating, owners, labels, selector } = view;
  const identity = { namespace, name, uid, resourceVersion };
  return { ...identity, kind: 'StatefulSet', terminating, owners, labels, selector };
}

function isSeiNode({ apiVersion, kind }: OwnerView): boolean {
  return kind === SEI_NODE_KIND && apiVersion.startsWith(`${SEI_NODE_GROUP}/`);
}

/** Returns whether the owner is an earlier node. Names are unique, so a node of ours with another UID is gone. */
function isEarlierNode({ metadata }: Pick<SeiNode, 'metadata'>, owner: OwnerView): boolean {
  return isSeiNode(owner) && owner.name === metadata.name && owner.uid !== metadata.uid;
}

/** Returns whether an object without an owner shows by itself that it is the node's. */
function isProvablyOf({ metadata }: Pick<SeiNode, 'metadata'>, found: FoundObject): boolean {
  const isLabelled = found.labels[NODE_LABEL] === metadata.name;
  switch (found.kind) {
    case 'StatefulSet':
      // Nobody can change a selector, so it proves as much as a label that somebody took off.
      return found.labels[NODE_LABEL] === undefined
        ? found.selector[NODE_LABEL] === metadata.name
        : isLabelled;
    case 'Service':
    case 'ConfigMap':
      // Every chart can set a label, so it is not enough; and nothing is lost when one of these is deleted.
      return isLabelled && found.isApplied;
    case 'PersistentVolumeClaim':
      // A claim that a StatefulSet of another application made always has that one's labels.
      return isLabelled || Object.keys(found.labels).length === 0;
    default:
      return assertNever(found);
  }
}

function strangerClause({ labels }: FoundObject): string {
  const own = labels[NODE_LABEL];
  if (own !== undefined) return `is not of this SeiNode (label ${NODE_LABEL}=${own})`;
  const some = Object.entries(labels).slice(0, MOST_LABELS);
  const list = some.map(([key, value]) => `${key}=${value}`).join(', ');
  return `is not of this SeiNode (${list === '' ? 'it has no labels' : `labels ${list}`})`;
}

function refusal({ metadata }: Pick<SeiNode, 'metadata'>, found: FoundObject, whose: string) {
  return {
    kind: 'refuse',
    type: FailureType.ForeignOwner,
    message: `${found.kind} ${found.name} exists and ${whose}: ${remedyFor(metadata.name, found)}`,
  } as const;
}

/** Never advises to delete an object that may be the only copy of data. */
function remedyFor(node: string, { kind, owners }: FoundObject): string {
  const otherwise = 'or give the SeiNode another name';
  if (kind !== 'PersistentVolumeClaim') return `delete it, ${otherwise}`;
  if (owners.length > 0) return `take that owner off it if its data is this node's, ${otherwise}`;
  return `label it ${NODE_LABEL}=${node} if its data is this node's, ${otherwise}`;
}

function wait(what: string): Ownership {
  return { kind: 'wait', waitingFor: `${what} to be gone` };
}
