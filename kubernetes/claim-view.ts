import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';

import type { ClaimView } from '../domain/mounts.ts';
import { timestampOf } from './timestamp.ts';

/** A live claim, reduced to what decides whether a pod can mount it. */
export function claimView({ metadata, spec, status }: V1PersistentVolumeClaim): ClaimView {
  return {
    name: metadata?.name ?? '',
    phase: status?.phase,
    accessModes: spec?.accessModes ?? [],
    deletionTimestamp: timestampOf(metadata?.deletionTimestamp),
  };
}
