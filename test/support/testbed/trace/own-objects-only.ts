import { podNameOf } from '../../../../domain/node/node-ref.ts';
import { NODE_LABEL, SEI_NODE_KIND } from '../../../../domain/node/sei-node.ts';
import { isByOperator } from './operator.ts';
import type { World, Write } from './replay.ts';
import type { TracedObject } from './traced-object.ts';
import { ownerOf } from './traced-object.ts';
import type { Violation } from './violation.ts';

/** The owner of an object: the node, nobody under the node's name, or somebody else. */
type Belonging =
  | { readonly kind: 'node' }
  /** Its label names the node: an operator of SeiNodes, or a backup of its objects, has left it without an owner. */
  | { readonly kind: 'labelled' }
  /** Only its name names the node. */
  | { readonly kind: 'named' }
  | { readonly kind: 'foreign'; readonly because: string };

/**
 * The operator writes to no Service, ConfigMap, claim, StatefulSet or pod that is not the node's at that moment, at any
 * field.
 *
 * The SeiNode of that name owns what it controls, and so does the previous one of the name, whose run may still be at
 * it while it goes. An object made with an owner that was gone by then, as a backup is restored, counts as nobody's. To
 * an object that nobody owns the operator may do no more than `isAllowedUnowned` lists.
 */
export function ownObjectsOnly(): (write: Write, world: World) => Violation[] {
  /** The UIDs of restored objects, each with that of the owner that it had in the backup. */
  const restored = new Map<string, string>();
  const withoutStaleOwner = (object: TracedObject): TracedObject => {
    const owners = object.owners.filter(({ uid }) => uid !== restored.get(object.uid));
    return { ...object, owners };
  };
  return (write, world) => {
    const { request, before, after } = write;
    const object = before ?? after;
    if (after !== undefined && isRestored(write, after, world)) {
      restored.set(after.uid, ownerOf(after)?.uid ?? '');
    }
    if (object === undefined || object.kind === 'SeiNode' || !isByOperator(request)) return [];
    const because = whyForeign(
      {
        ...write,
        before: before && withoutStaleOwner(before),
        after: after && withoutStaleOwner(after),
      },
      withoutStaleOwner(object),
      world,
    );
    if (because === undefined) return [];
    return [
      {
        rule: 'No write to a foreign object',
        message: `the operator writes to ${object.kind} ${object.namespace}/${object.name} (UID ${object.uid}), and ${because}`,
        writes: [write],
      },
    ];
  };
}

/** Returns whether somebody makes an object for a SeiNode of its name that is not there. */
function isRestored({ before, request }: Write, made: TracedObject, world: World): boolean {
  if (before !== undefined || isByOperator(request)) return false;
  const owner = ownerOf(made);
  if (owner?.kind !== SEI_NODE_KIND || owner.name !== nodeNameOf(made)) return false;
  return world.get(owner.uid) === undefined || world.isGone(owner.uid);
}

/** @returns undefined for a write that is right */
function whyForeign(write: Write, object: TracedObject, world: World): string | undefined {
  const belonging = belongingOf(object, world);
  switch (belonging.kind) {
    case 'foreign':
      return belonging.because;
    case 'node':
      return isHandedOver(write) ? 'takes it from another SeiNode of that name' : undefined;
    case 'labelled':
    case 'named':
      return isAllowedUnowned(write, belonging.kind, object)
        ? undefined
        : `nobody owns it, and this does not adopt it`;
  }
}

/**
 * Returns whether a write to an object that nobody owns is one of these:
 * - the write that makes the SeiNode of the name its controller. Of a claim `data-NAME` without labels too;
 * - a StatefulSet with the node's label is turned to OnDelete before it is adopted, so that adopting it
 *   restarts no pod;
 * - a StatefulSet with the node's label is deleted: an impostor in place of the tracked one;
 * - a Service with the node's label gets its ports back where an apply alone is refused;
 * - the pod of a deleted SeiNode is deleted that its StatefulSet has left behind.
 */
function isAllowedUnowned(
  { after, request: { verb, fields } }: Write,
  kind: 'labelled' | 'named',
  object: TracedObject,
): boolean {
  if (after !== undefined && ownerOf(after)?.kind === SEI_NODE_KIND) {
    return kind === 'labelled' || object.kind === 'PersistentVolumeClaim';
  }
  if (kind === 'named') return false;
  if (object.kind === 'Pod') return verb === 'delete';
  if (object.kind === 'StatefulSet') {
    return verb === 'delete' || (verb === 'patch' && isOnly(fields, 'spec.updateStrategy'));
  }
  return object.kind === 'Service' && verb === 'patch' && isOnly(fields, 'spec.ports');
}

function isOnly(fields: readonly string[], field: string): boolean {
  return (
    fields.includes(field) && fields.every((each) => each === field || each.startsWith('metadata.'))
  );
}

function isHandedOver({ before, after }: Write): boolean {
  if (before === undefined || after === undefined || before.kind === 'Pod') return false;
  return ownerOf(before)?.uid !== ownerOf(after)?.uid;
}

function belongingOf(object: TracedObject, world: World): Belonging {
  if (object.kind === 'Pod') return belongingOfPod(object, world);
  const node = nodeNameOf(object);
  if (node === undefined) return foreign(`no SeiNode has a ${object.kind} of this name`);
  const owner = ownerOf(object);
  if (owner !== undefined) {
    const isNode = world.get(owner.uid)?.kind === SEI_NODE_KIND && owner.name === node;
    return isNode ? { kind: 'node' } : foreign(`it belongs to ${owner.kind} ${owner.name}`);
  }
  if (world.named(SEI_NODE_KIND, object.namespace, node) === undefined) {
    return foreign(`there is no SeiNode ${node}`);
  }
  const label = object.labels[NODE_LABEL];
  if (label === node) return { kind: 'labelled' };
  const isBare = Object.keys(object.labels).length === 0;
  return isBare
    ? { kind: 'named' }
    : foreign('nobody owns it, and no label says that it is the node’s');
}

/** Decides whose a pod is: the node's as long as the node's StatefulSet controls it. */
function belongingOfPod(pod: TracedObject, world: World): Belonging {
  const owner = ownerOf(pod);
  if (owner === undefined && isLeftBehind(pod, world)) return { kind: 'labelled' };
  const statefulSet = owner && world.get(owner.uid);
  if (statefulSet?.kind !== 'StatefulSet') {
    return foreign(
      owner === undefined ? 'nobody owns it' : `it belongs to ${owner.kind} ${owner.name}`,
    );
  }
  const { kind } = belongingOf(statefulSet, world);
  return kind === 'node' || kind === 'labelled'
    ? { kind: 'node' }
    : foreign(`StatefulSet ${statefulSet.name} is not the node’s`);
}

/** Returns whether a pod that nobody owns has label and name of one of a SeiNode that is being deleted. */
function isLeftBehind({ namespace, name, labels }: TracedObject, world: World): boolean {
  const node = labels[NODE_LABEL];
  if (node === undefined || name !== podNameOf({ namespace, name: node })) return false;
  return world.named(SEI_NODE_KIND, namespace, node)?.deletionTimestamp !== undefined;
}

function foreign(because: string): Belonging {
  return { kind: 'foreign', because };
}

/** Returns the node that has an object of this name, as `manifests/` names them. */
function nodeNameOf({ kind, name }: TracedObject): string | undefined {
  switch (kind) {
    case 'StatefulSet':
    case 'Service':
      return name;
    case 'ConfigMap':
      return /^(.+)-rbac-proxy-config$/.exec(name)?.[1];
    case 'PersistentVolumeClaim':
      return /^data-(.+)$/.exec(name)?.[1];
    case 'Pod':
    case 'SeiNode':
      return undefined;
  }
}
