import { createHash } from 'node:crypto';

import type { V1Lease } from '@kubernetes/client-node';

import type { ExclusiveMount } from '../domain/mounts/exclusive-mounts.ts';
import { holderIdentity, nameOf } from '../domain/mounts/exclusive-mounts.ts';
import type { ObjectKey } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { ownedMetadata } from './object-metadata.ts';

/** Shows people what the Lease is about, since its name does not. */
const MOUNT_ANNOTATION = 'sei.io/mount';

/** Of 64 digits: a namespace has some thousands of Secrets and claims at most. */
const HASH_LENGTH = 16;

/**
 * Returns the Lease by which only this node may mount something. The node owns it, so the garbage collector
 * takes it once the operator lets the node go, which is after its last pod. It never expires: a pod on a
 * machine that does not answer still signs.
 */
export function mountLeaseFor(node: SeiNode, mount: ExclusiveMount): V1Lease {
  const metadata = ownedMetadata(node, leaseKey(node, mount).name);
  metadata.annotations = { [MOUNT_ANNOTATION]: nameOf(mount) };
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata,
    spec: { holderIdentity: holderIdentity(node.metadata) },
  };
}

/** Returns the key of the Lease, the same for every node, since only one may have the mount. Any Secret's name fits. */
export function leaseKey(
  { metadata }: Pick<SeiNode, 'metadata'>,
  mount: ExclusiveMount,
): ObjectKey {
  const hash = createHash('sha256').update(nameOf(mount)).digest('hex').slice(0, HASH_LENGTH);
  return { namespace: metadata.namespace, name: `sei-mount-${hash}` };
}
