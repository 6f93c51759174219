import type { V1ObjectMeta, V1OwnerReference } from '@kubernetes/client-node';

/** The owner that controls the object: the API server admits one at most. */
export function controllerOf(metadata: V1ObjectMeta | undefined): V1OwnerReference | undefined {
  return metadata?.ownerReferences?.find((owner) => owner.controller === true);
}
