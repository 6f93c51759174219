import { z } from 'zod';

import type { Recording } from './replay.ts';
import type { TracedKind } from './traced-object.ts';

/** The kinds whose births and ends the rules depend on most. */
export const COUNTED = {
  Pod: '/api/v1/pods',
  PersistentVolumeClaim: '/api/v1/persistentvolumeclaims',
};

const objectList = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.object({ metadata: z.object({ uid: z.string(), name: z.string() }) })),
});

/** The objects of one kind by a list of the API server. */
export interface Present {
  readonly kind: TracedKind;
  readonly resourceVersion: number;
  readonly names: ReadonlyMap<string, string>;
}

export function presentIn(kind: TracedKind, list: unknown): Present {
  const { metadata, items } = objectList.parse(list);
  const names = items.map(({ metadata: { uid, name } }) => [uid, name] as const);
  return { kind, resourceVersion: Number(metadata.resourceVersion), names: new Map(names) };
}

/**
 * Compares a recording with the objects that there really were: a rule guards nothing in a trace that lacks writes.
 *
 * @returns a clause for each object whose birth or end the recording has not seen
 */
export function gapsIn(recording: Recording, present: Present): readonly string[] {
  const { kind, resourceVersion, names } = present;
  const seen = new Set<string>();
  const alive = new Map<string, string>();
  recording.replay(({ order, before, after, request }, world) => {
    const object = after ?? before;
    if (object?.kind !== kind) return;
    seen.add(object.uid);
    if (order > resourceVersion) return;
    const namesake = world.named(kind, object.namespace, object.name);
    if (namesake !== undefined) alive.delete(namesake.uid);
    // The trace does not show the end of an object that goes as one of many, or by eviction.
    const isToldOf = request.verb !== 'deletecollection' && !request.uri.endsWith('/eviction');
    if (after !== undefined && !world.isGone(after.uid) && isToldOf) {
      alive.set(after.uid, after.name);
    }
  });
  return [
    ...[...names]
      .filter(([uid]) => !seen.has(uid))
      .map(([uid, name]) => `${kind} ${name} (UID ${uid}) was never seen to be created`),
    ...[...alive]
      .filter(([uid]) => !names.has(uid))
      .map(([uid, name]) => `${kind} ${name} (UID ${uid}) was never seen to go`),
  ];
}
