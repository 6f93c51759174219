import type { V1Lease } from '@kubernetes/client-node';

import type { MountLease } from '../../domain/exclusive-mounts.ts';
import { leaseHolder } from '../../domain/exclusive-mounts.ts';

/** A live Lease, reduced to whose it is. */
export function mountLease({ metadata, spec }: V1Lease): MountLease {
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    holder: leaseHolder(spec?.holderIdentity ?? ''),
  };
}
