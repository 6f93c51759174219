import { createHash } from 'node:crypto';

import type { V1ObjectMeta } from '@kubernetes/client-node';

/** On every object that we apply: the hash of it as it was rendered. */
export const RENDERED_HASH_ANNOTATION = 'sei.io/rendered-hash';

/**
 * The object, annotated with the hash of itself. A field that is rendered no more is still on the live
 * object, where only the changed hash tells that it has to go.
 */
export function withRenderedHash<T extends { readonly metadata?: V1ObjectMeta }>(object: T): T {
  const hash = createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 16);
  const { metadata } = object;
  const annotations = { ...metadata?.annotations, [RENDERED_HASH_ANNOTATION]: hash };
  return Object.assign({}, object, { metadata: Object.assign({}, metadata, { annotations }) });
}
