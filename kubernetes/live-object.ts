import type { LiveObject } from '../domain/live-object.ts';
import { FIELD_MANAGER, NODE_LABEL } from '../domain/sei-node.ts';
import type { RawObject } from './raw-object.ts';
import { isRawObject } from './raw-object.ts';

/**
 * Keeps of a live object what rendered fields are compared with, as one string. The quarter of an
 * object that its managed fields take is not part of it.
 */
export function liveObject(object: unknown): LiveObject {
  const { metadata: named, spec, data } = fieldsOf(object);
  const metadata = fieldsOf(named);
  const { namespace, name, uid, labels, annotations, ownerReferences, managedFields } = metadata;
  const { resourceVersion, deletionTimestamp } = metadata;
  const node = fieldsOf(labels)[NODE_LABEL];
  return {
    namespace: textOf(namespace),
    name: textOf(name),
    uid: textOf(uid),
    resourceVersion: textOf(resourceVersion),
    terminating: deletionTimestamp !== undefined,
    node: typeof node === 'string' ? node : undefined,
    isApplied: Array.isArray(managedFields) && managedFields.some(isOurApply),
    content: JSON.stringify({ metadata: { labels, annotations, ownerReferences }, spec, data }),
  };
}

function isOurApply(entry: unknown): boolean {
  const { manager, operation } = fieldsOf(entry);
  return manager === FIELD_MANAGER && operation === 'Apply';
}

function fieldsOf(value: unknown): RawObject {
  return isRawObject(value) ? value : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
