import type { V1Lease } from '@kubernetes/client-node';

import type { MountLease } from '../../domain/mounts/exclusive-mounts.ts';
import { leaseHolder } from '../../domain/mounts/exclusive-mounts.ts';

/** Reduces a live Lease to its holder. */
export function mountLease({ metadata, spec }: V1Lease): MountLease {
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    holder: leaseHolder(spec?.holderIdentity ?? ''),
  };
}
