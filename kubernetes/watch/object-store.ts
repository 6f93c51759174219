import { keyOf } from '../../domain/node/node-ref.ts';
import type { ObjectVersion } from '../../domain/node/node-ref.ts';

/** A change of one object, with its state before. */
export type Change<T> =
  | { readonly kind: 'added'; readonly object: T }
  | { readonly kind: 'modified'; readonly before: T; readonly object: T }
  | { readonly kind: 'deleted'; readonly object: T };

export interface StoredObject<T> {
  readonly version: ObjectVersion;
  readonly object: T;
}

/** The last known state of a set of objects, by `namespace/name`. */
export interface ObjectStore<T> {
  get(key: string): StoredObject<T> | undefined;
  values(): Iterable<T>;
  /** Stores the object; another UID under the same name counts as a deletion first. */
  put(stored: StoredObject<T>): readonly Change<T>[];
  delete(version: ObjectVersion): readonly Change<T>[];
  /** Makes the store equal to a complete listing; an object that is not listed has been deleted. */
  replace(listing: ReadonlyMap<string, StoredObject<T>>): readonly Change<T>[];
}

export function createObjectStore<T>(): ObjectStore<T> {
  let objects = new Map<string, StoredObject<T>>();
  return {
    get: (key) => objects.get(key),
    *values() {
      for (const { object } of objects.values()) yield object;
    },
    put: (stored) => {
      const key = keyOf(stored.version);
      const before = objects.get(key);
      objects.set(key, stored);
      return difference(before, stored);
    },
    delete: (version) => {
      const key = keyOf(version);
      const before = objects.get(key);
      objects.delete(key);
      return difference(before, undefined);
    },
    replace: (listing) => {
      const before = objects;
      objects = new Map(listing);
      const changes: Change<T>[] = [];
      for (const [key, stored] of before) {
        if (!objects.has(key)) changes.push(...difference(stored, undefined));
      }
      for (const [key, stored] of objects) changes.push(...difference(before.get(key), stored));
      return changes;
    },
  };
}

function difference<T>(
  before: StoredObject<T> | undefined,
  after: StoredObject<T> | undefined,
): readonly Change<T>[] {
  if (before === undefined) {
    return after === undefined ? [] : [{ kind: 'added', object: after.object }];
  }
  if (after === undefined) return [{ kind: 'deleted', object: before.object }];
  if (before.version.uid !== after.version.uid) {
    return [
      { kind: 'deleted', object: before.object },
      { kind: 'added', object: after.object },
    ];
  }
  if (before.version.resourceVersion === after.version.resourceVersion) return [];
  return [{ kind: 'modified', before: before.object, object: after.object }];
}
