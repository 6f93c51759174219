import { identityOf } from '../../../domain/node/raw-object.ts';
import type { KubernetesConnection } from '../../../kubernetes/api/client.ts';
import { startReflector } from '../../../kubernetes/watch/reflector.ts';
import { eventually } from '../eventually.ts';

/** Longer than anything healthy takes on a busy machine of two cores; shorter than a test may take. */
const DEFAULT_DEADLINE_MS = 120_000;

interface Named {
  readonly metadata: { readonly name: string };
}

/** The objects of one list as a watch shows them, with all their versions. */
export interface WatchedObjects<T extends Named> {
  /** Lists every version that the watch showed under a name, oldest first, until its deletion and after. */
  versions(name: string): readonly T[];
  /**
   * Finds the first version, from the newest one on, for which a condition holds.
   *
   * @param what the condition as a clause, for the error: `it runs v2`
   */
  until(name: string, what: string, holds: (object: T) => boolean, deadlineMs?: number): Promise<T>;
  /** Waits until the watch has shown the current object of the name: it may be behind another watch, or a read. */
  untilCaughtUp(name: string): Promise<void>;
}

/** The part of a list that shows how old it is. */
interface RawList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly unknown[];
}

interface Versioned<T> {
  readonly resourceVersion: number;
  readonly value: T;
}

export interface WatchOptions<T extends Named> {
  readonly connection: KubernetesConnection;
  /** The list path of a resource in a namespace. */
  readonly path: string;
  readonly transform: (object: unknown) => T;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** Resolves when the list is known. */
export async function watchObjects<T extends Named>(
  options: WatchOptions<T>,
): Promise<WatchedObjects<T>> {
  const { connection, path, transform } = options;
  const seen = new Map<string, T[]>();
  /** The newest version that the watch has shown under a name. */
  const shown = new Map<string, number>();
  const listeners = new Set<(object: T) => void>();
  const ignore = (): void => undefined;
  const reflector = startReflector({
    ...options,
    transform: (object): Versioned<T> => ({
      resourceVersion: versionOf(object),
      value: transform(object),
    }),
    // A watch that breaks reconnects on its own; the deadline of whoever waits shows if it does not.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    onChange: ({ kind, object }) => {
      if (kind === 'deleted') return;
      const { name } = object.value.metadata;
      shown.set(name, object.resourceVersion);
      seen
        .set(name, seen.get(name) ?? [])
        .get(name)
        ?.push(object.value);
      for (const listener of listeners) listener(object.value);
    },
  });
  await reflector.whenSynced();

  return {
    versions: (name) => seen.get(name) ?? [],
    until: async (name, what, holds, deadlineMs = DEFAULT_DEADLINE_MS) => {
      const newest = seen.get(name)?.at(-1);
      if (newest !== undefined && holds(newest)) return newest;
      let stop = ignore;
      try {
        return await new Promise<T>((resolve, reject) => {
          const listener = (object: T): void => {
            if (object.metadata.name === name && holds(object)) resolve(object);
          };
          const timer = setTimeout(() => {
            const last = JSON.stringify(seen.get(name)?.at(-1), undefined, 2);
            reject(
              new Error(`after ${deadlineMs} ms it does not hold of ${name} that ${what}: ${last}`),
            );
          }, deadlineMs);
          listeners.add(listener);
          stop = () => {
            clearTimeout(timer);
            listeners.delete(listener);
          };
        });
      } finally {
        stop();
      }
    },
    untilCaughtUp: async (name) => {
      const selector = encodeURIComponent(`metadata.name=${name}`);
      const list = (await connection.getJson(`${path}?fieldSelector=${selector}`)) as RawList;
      const [live] = list.items;
      const wanted = live === undefined ? Number(list.metadata.resourceVersion) : versionOf(live);
      const isGone = (): boolean =>
        ![...reflector.values()].some(({ value }) => value.metadata.name === name);
      await eventually(
        `the watch shows ${name} as it is`,
        () => (live === undefined && isGone()) || (shown.get(name) ?? 0) >= wanted,
      );
    },
  };
}

/** Versions of one resource count upwards. */
function versionOf(object: unknown): number {
  return Number(identityOf(object)?.resourceVersion);
}
