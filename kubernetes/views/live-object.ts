import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { OwnerView } from '../../domain/node/owner-view.ts';
import { fewOwners, ownerView } from '../../domain/node/owner-view.ts';
import { fieldsOf, isRawObject, textOf } from '../../domain/node/raw-object.ts';
import { FIELD_MANAGER, NODE_LABEL, SEI_NODE_GROUP } from '../../domain/node/sei-node.ts';
import { fewLabels } from '../../domain/owned/few-labels.ts';
import type { LiveContent, LiveObject } from '../../domain/owned/live-object.ts';
import { LARGEST_CONTENT } from '../../domain/owned/live-object.ts';
import { isMetadataOnly } from '../api/metadata-only.ts';

/** Decides from the owners of an object whether its content matters. */
export type IsOfNode = (object: ObjectKey & { readonly owners: readonly OwnerView[] }) => boolean;

/**
 * Reduces a live object to what identifies its owner, and to the content that rendered fields are compared with. Drops
 * the managed fields, a quarter of the object, and the annotations of others.
 *
 * @param isOfNode default: the object is read for a node, so that all of it matters
 */
export function liveObject(object: unknown, isOfNode: IsOfNode = () => true): LiveObject {
  const { metadata: named, spec, data } = fieldsOf(object);
  const metadata = fieldsOf(named);
  const { uid, annotations, ownerReferences, managedFields } = metadata;
  const { resourceVersion, deletionTimestamp } = metadata;
  const labels = textsOf(metadata['labels']);
  const key = { namespace: textOf(metadata['namespace']), name: textOf(metadata['name']) };
  const owners = ownersOf(ownerReferences);
  const { matchLabels } = fieldsOf(fieldsOf(spec)['selector']);
  const contentOfNode = (): LiveContent => {
    if (isMetadataOnly(object)) return UNREAD;
    const { labels: all } = metadata;
    const compared = { labels: all, annotations: ownAnnotations(annotations), ownerReferences };
    return contentOf({ metadata: compared, spec, data });
  };
  const content = isOfNode({ ...key, owners }) ? contentOfNode() : FOREIGN;
  return {
    ...key,
    uid: textOf(uid),
    resourceVersion: textOf(resourceVersion),
    terminating: deletionTimestamp !== undefined,
    node: labels[NODE_LABEL],
    owners: content.kind === 'kept' ? owners : fewOwners(owners),
    labels: fewLabels(labels),
    selector: fewLabels(textsOf(matchLabels)),
    isApplied: Array.isArray(managedFields) && managedFields.some(isOurApply),
    content,
  };
}

/** Shared by all objects. */
const FOREIGN: LiveContent = { kind: 'foreign' };
const UNREAD: LiveContent = { kind: 'unread' };
const TOO_LARGE: LiveContent = { kind: 'too-large' };

function contentOf(content: object): LiveContent {
  const json = JSON.stringify(content);
  return json.length > LARGEST_CONTENT ? TOO_LARGE : { kind: 'kept', json };
}

function ownAnnotations(annotations: unknown): object | undefined {
  if (!isRawObject(annotations)) return undefined;
  const own = Object.entries(annotations).filter(([key]) => key.startsWith(`${SEI_NODE_GROUP}/`));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function ownersOf(references: unknown): readonly OwnerView[] {
  if (!Array.isArray(references)) return NOBODY;
  return references.filter(isRawObject).map(ownerView);
}

/** Shared, because nearly all foreign objects have none. */
const NOBODY: readonly OwnerView[] = [];

function isOurApply(entry: unknown): boolean {
  const { manager, operation } = fieldsOf(entry);
  return manager === FIELD_MANAGER && operation === 'Apply';
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return fieldsOf(value) as Readonly<Record<string, string>>;
}
