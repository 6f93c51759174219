import type { ObjectApi } from './api/object-api.ts';
import { SEI_NODES } from './api/resource.ts';
import type { NodeApi } from './cluster.ts';
import { statusPatch } from './status-patch.ts';
import { seiNodeOf } from './views/sei-node-of.ts';

/** The SeiNodes of the API server. */
export function liveNodes(objects: ObjectApi): NodeApi {
  return {
    getNode: async (key) => {
      const node = await objects.get(SEI_NODES, key);
      return node && seiNodeOf(node);
    },
    listNodes: (namespace) => objects.list(SEI_NODES, namespace, { labelSelector: '' }, seiNodeOf),
    patchNodeStatus: async (before, status) => {
      // No UID: the server ignores it here (seen on 1.36), and no other object has this version.
      const { resourceVersion } = before.metadata;
      const patch = {
        metadata: { resourceVersion },
        status: statusPatch(before.status, status) ?? {},
      };
      return seiNodeOf(await objects.patchStatus(SEI_NODES, before.metadata, patch));
    },

    patchNodeFinalizers: async (before, finalizers) => {
      const { resourceVersion } = before.metadata;
      const patch = { metadata: { resourceVersion, finalizers } };
      return seiNodeOf(await objects.patch(SEI_NODES, before.metadata, patch));
    },
  };
}
