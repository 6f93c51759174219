import { deletePod } from './fake-api.ts';
import { keyOfObject } from './object-table.ts';
import type { Tables } from './tables.ts';

/** Removes what the controlling owner has left behind; claims and services are not looked at. */
export function collectGarbage(tables: Tables, now: Date): void {
  const nodeUids = new Set(tables.nodes.all().map(({ metadata }) => metadata.uid));
  for (const set of tables.statefulSets.all()) {
    const owner = set.metadata?.ownerReferences?.find(({ kind }) => kind === 'SeiNode');
    if (owner !== undefined && !nodeUids.has(owner.uid))
      tables.statefulSets.remove(keyOfObject(set));
  }
  const setUids = new Set(tables.statefulSets.all().map(({ metadata }) => metadata?.uid));
  for (const pod of tables.pods.all()) {
    const owner = pod.metadata?.ownerReferences?.find(({ kind }) => kind === 'StatefulSet');
    const { uid = '', resourceVersion = '' } = pod.metadata ?? {};
    if (owner === undefined || setUids.has(owner.uid)) continue;
    deletePod(tables, { ...keyOfObject(pod), uid, resourceVersion }, now);
  }
}
