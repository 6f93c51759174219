import type { V1ObjectMeta } from '@kubernetes/client-node';

import type { ObjectVersion } from '../domain/node/node-ref.ts';
import type { RawObject } from '../domain/node/raw-object.ts';
import type { ObjectApi } from './api/object-api.ts';
import type { Resource } from './api/resource.ts';
import { asUidConflict } from './api/uid-conflict.ts';

/** An object to be written. */
export interface Desired {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: V1ObjectMeta;
}

/** Applies to the object of this UID alone; without a UID, to any object of the name. */
export async function applyVersion(
  objects: ObjectApi,
  resource: Resource,
  desired: Desired,
  uid: string | undefined,
): Promise<RawObject> {
  const metadata = Object.assign({}, desired.metadata, uid !== undefined && { uid });
  try {
    return await objects.apply(resource, Object.assign({}, desired, { metadata }));
  } catch (err) {
    throw asUidConflict(err);
  }
}

/** Deletes exactly this object at exactly this version; the objects that it owns follow in the background. */
export async function deleteVersion(
  objects: ObjectApi,
  resource: Resource,
  { namespace, name, uid, resourceVersion }: ObjectVersion,
  options: { readonly gracePeriodSeconds?: number } = {},
): Promise<void> {
  await objects.delete(
    resource,
    { namespace, name },
    { preconditions: { uid, resourceVersion }, propagationPolicy: 'Background', ...options },
  );
}
