import type { V1ConfigMap, V1Service, V1StatefulSet } from '@kubernetes/client-node';

import { NODE_LABEL } from '../domain/sei-node.ts';
import type { LiveObject } from '../domain/live-object.ts';

/**
 * Keeps of a live object what rendered fields are compared with, as one string. The quarter of an
 * object that its managed fields take is not part of it.
 */
export function liveObject(object: V1StatefulSet | V1Service | V1ConfigMap): LiveObject {
  const { namespace, name, uid, labels, annotations, ownerReferences } = object.metadata ?? {};
  const spec = 'spec' in object ? object.spec : undefined;
  const data = 'data' in object ? object.data : undefined;
  return {
    namespace: namespace ?? '',
    name: name ?? '',
    uid: uid ?? '',
    node: labels?.[NODE_LABEL],
    content: JSON.stringify({ metadata: { labels, annotations, ownerReferences }, spec, data }),
  };
}
