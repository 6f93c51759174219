import type { V1Lease } from '@kubernetes/client-node';

import type { LeaseHolder, MountLease } from '../domain/exclusive-mounts.ts';

/** A live Lease, reduced to whose it is. */
export function mountLease({ metadata, spec }: V1Lease): MountLease {
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    holder: holderOf(spec?.holderIdentity),
  };
}

/**
 * What the Lease says of its holder. The UID is part of it: a backup tool that restores the Lease may leave
 * out its owner, and another SeiNode may have the name by then.
 */
export function holderIdentity({ name, uid }: LeaseHolder): string {
  return `${name}/${uid}`;
}

function holderOf(identity = ''): LeaseHolder | undefined {
  const [name, uid, ...more] = identity.split('/');
  return name && uid && more.length === 0 ? { name, uid } : undefined;
}
