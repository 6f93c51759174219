import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';

import type { ClaimView } from '../../domain/mounts/mounts.ts';
import { ownerView } from '../../domain/node/owner-view.ts';
import type { FoundObject } from '../../domain/owned/owned-object.ts';
import { timestampOf } from './timestamp.ts';

/** Reduces a live claim to what decides whether a pod can mount it. */
export function claimView({ metadata, spec, status }: V1PersistentVolumeClaim): ClaimView {
  return {
    name: metadata?.name ?? '',
    phase: status?.phase,
    accessModes: spec?.accessModes ?? [],
    deletionTimestamp: timestampOf(metadata?.deletionTimestamp),
  };
}

/** Reduces a live claim to what identifies its owner. */
export function foundClaim({ metadata }: V1PersistentVolumeClaim): FoundObject {
  return {
    kind: 'PersistentVolumeClaim',
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    terminating: metadata?.deletionTimestamp !== undefined,
    owners: metadata?.ownerReferences?.map(ownerView) ?? [],
    labels: metadata?.labels ?? {},
  };
}
