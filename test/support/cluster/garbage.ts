import { deletePod } from './fake-api.ts';
import { keyOfObject } from './object-table.ts';
import type { PlainPod } from './plain.ts';
import type { Tables } from './tables.ts';

/** The finalizer of an object that stays until what it owns is gone. */
export const FOREGROUND_DELETION = 'foregroundDeletion';

/** Removes what a deleted owner has left behind, and each object that is being deleted once nothing needs it. */
export function collectGarbage(tables: Tables, now: Date): void {
  removeOrphans(tables);
  const setUids = new Set(tables.statefulSets.all().map(({ metadata }) => metadata?.uid));
  const leaving = tables.statefulSets
    .all()
    .filter(({ metadata }) => metadata?.deletionTimestamp !== undefined);
  const leavingUids = new Set(leaving.map(({ metadata }) => metadata?.uid));
  for (const pod of tables.pods.all()) {
    const owner = ownerUid(pod);
    const isOrphan = owner !== undefined && !setUids.has(owner);
    if (isOrphan || leavingUids.has(owner)) tellToGo(tables, pod, now);
  }
  for (const set of leaving) {
    const hasPods = tables.pods.all().some((pod) => ownerUid(pod) === set.metadata?.uid);
    const waitsForPods = set.metadata?.finalizers?.includes(FOREGROUND_DELETION) === true;
    if (waitsForPods && !hasPods) tables.statefulSets.remove(keyOfObject(set));
  }
  for (const claim of tables.claims.all()) {
    const isLeaving = claim.metadata?.deletionTimestamp !== undefined;
    if (isLeaving && !isMounted(tables, claim.metadata?.name)) {
      tables.claims.remove(keyOfObject(claim));
    }
  }
}

/** Removes objects that a node owns and that have outlived it. */
function removeOrphans(tables: Tables): void {
  const nodeUids = new Set(tables.nodes.all().map(({ metadata }) => metadata.uid));
  const { statefulSets, services, configMaps, claims, leases } = tables;
  for (const table of [statefulSets, services, configMaps, claims, leases]) {
    for (const object of table.all()) {
      const owner = object.metadata?.ownerReferences?.find(({ kind }) => kind === 'SeiNode');
      if (owner !== undefined && !nodeUids.has(owner.uid)) table.remove(keyOfObject(object));
    }
  }
}

function ownerUid(pod: PlainPod): string | undefined {
  return pod.metadata?.ownerReferences?.find(({ kind }) => kind === 'StatefulSet')?.uid;
}

function tellToGo(tables: Tables, pod: PlainPod, now: Date): void {
  const { uid = '', resourceVersion = '' } = pod.metadata ?? {};
  deletePod(tables, { ...keyOfObject(pod), uid, resourceVersion }, now);
}

function isMounted(tables: Tables, claimName: string | undefined): boolean {
  return tables.pods
    .all()
    .some(({ spec }) =>
      spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claimName),
    );
}
