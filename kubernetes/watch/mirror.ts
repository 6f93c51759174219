import type { Logger } from '../../domain/logger.ts';
import { keyOf } from '../../domain/node/node-ref.ts';
import type { ObjectVersion } from '../../domain/node/node-ref.ts';
import { identityOf } from '../../domain/node/raw-object.ts';
import type { ObjectParts } from '../api/metadata-only.ts';
import type { Change, StoredObject } from './object-store.ts';
import { createObjectStore } from './object-store.ts';
import type { WatchEvent } from './watch-events.ts';

export interface MirrorOptions<T> {
  /** The parts of each object that come in. Default: all. */
  readonly parts?: ObjectParts;
  /**
   * Reduces an object to what is kept, so that the rest can be dropped at once.
   *
   * @param before what was kept of the object until now
   */
  readonly transform: (object: unknown, before: T | undefined) => T;
  /** Called in order, after the mirror has changed. */
  readonly onChange: (change: Change<T>) => void;
  readonly logger: Logger;
}

/** A copy of the objects of a list, maintained from listings and watch events. */
export interface Mirror<T> {
  get(key: string): T | undefined;
  values(): Iterable<T>;
  beginListing(): Listing;
  accept(event: WatchEvent): void;
  /**
   * Stores an object again because more of it is to be kept; only one known at this very version: an older one would
   * turn time back, and an unknown one has been deleted. Where only metadata comes in, the version does not matter:
   * another reading follows each change, so the last one stays, and an object that changes faster than it is read is
   * not left out. Returns true when the object was stored.
   */
  retake(object: unknown): boolean;
}

/** A listing under way; the mirror changes when it is complete. */
export interface Listing {
  add(object: unknown): void;
  complete(): void;
}

/** Creates a mirror. No unreadable object and no throwing handler breaks it. */
export function createMirror<T>(options: MirrorOptions<T>): Mirror<T> {
  const { parts = 'all', transform, onChange, logger } = options;
  const store = createObjectStore<T>();

  const knownOf = (version: ObjectVersion): StoredObject<T> | undefined => {
    const known = store.get(keyOf(version));
    return known?.version.uid === version.uid ? known : undefined;
  };

  const knownAt = (version: ObjectVersion): StoredObject<T> | undefined => {
    const known = knownOf(version);
    return known?.version.resourceVersion === version.resourceVersion ? known : undefined;
  };

  const read = (object: unknown): StoredObject<T> | undefined => {
    const version = identityOf(object);
    if (version === undefined) {
      logger.warn('Left out something that is no Kubernetes object');
      return undefined;
    }
    const known = knownAt(version);
    if (known !== undefined) return known;
    try {
      return { version, object: transform(object, knownOf(version)?.object) };
    } catch (err) {
      logger.warn('Left out an object that cannot be read', { ...version, err: err });
      return undefined;
    }
  };

  const emit = (changes: readonly Change<T>[]): void => {
    for (const change of changes) {
      try {
        onChange(change);
      } catch (err) {
        logger.error('A handler of changes threw', { err: err });
      }
    }
  };

  return {
    get: (key) => store.get(key)?.object,
    values: () => store.values(),
    beginListing: () => {
      const listed = new Map<string, StoredObject<T>>();
      return {
        add: (object) => {
          const stored = read(object);
          if (stored !== undefined) listed.set(keyOf(stored.version), stored);
        },
        complete: () => {
          // Keeps objects that were stored again since they were listed: at the same version no event follows for them.
          for (const [key, { version }] of listed) {
            const known = knownAt(version);
            if (known !== undefined) listed.set(key, known);
          }
          emit(store.replace(listed));
        },
      };
    },
    retake: (object) => {
      const version = identityOf(object);
      const known = version && knownOf(version);
      if (version === undefined || known === undefined) return false;
      const isSame = known.version.resourceVersion === version.resourceVersion;
      if (parts === 'all' && !isSame) return false;
      store.put({ version: known.version, object: transform(object, known.object) });
      return true;
    },
    accept: (event) => {
      switch (event.kind) {
        case 'changed': {
          const stored = read(event.object);
          if (stored !== undefined) emit(store.put(stored));
          return;
        }
        case 'deleted':
          emit(store.delete(event.version));
          return;
        case 'bookmark':
          return;
      }
    },
  };
}
