import { createHash } from 'node:crypto';

import type { V1ObjectMeta } from '@kubernetes/client-node';

/** Carries the hash of the rendered object, on every object that we apply. */
const RENDERED_HASH_ANNOTATION = 'sei.io/rendered-hash';

/**
 * Returns the object, annotated with its own hash. A field that is no longer rendered is still on the live
 * object, and only the changed hash shows that it has to go.
 */
export function withRenderedHash<T extends { readonly metadata?: V1ObjectMeta }>(object: T): T {
  const hash = createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 16);
  const { metadata } = object;
  const annotations = { ...metadata?.annotations, [RENDERED_HASH_ANNOTATION]: hash };
  return Object.assign({}, object, { metadata: Object.assign({}, metadata, { annotations }) });
}
