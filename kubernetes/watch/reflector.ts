import type { KubernetesConnection } from '../api/client.ts';
import type { ListWatchOptions, ListWatchTiming, WatchEnd } from './list-watch.ts';
import { listWatch } from './list-watch.ts';
import type { Mirror, MirrorOptions } from './mirror.ts';
import { createMirror } from './mirror.ts';

export interface ReflectorOptions<T> extends MirrorOptions<T> {
  readonly connection: Pick<KubernetesConnection, 'openStream'>;
  /** The list path of a resource, such as `/apis/apps/v1/statefulsets`. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly signal: AbortSignal;
  readonly timing?: ListWatchTiming;
  /** Called when a list or watch ends, except for the final abort. Must not throw. */
  readonly onEnd?: ((why: WatchEnd) => void) | undefined;
  /** Delays the first listing until it settles. */
  readonly after?: Promise<void>;
}

/** A copy of a list of objects that follows the cluster until its signal aborts. */
export interface Reflector<T> extends Pick<Mirror<T>, 'retake'> {
  /** Takes a key `namespace/name`. */
  get(key: string): T | undefined;
  values(): Iterable<T>;
  /** Resolves once the first listing is complete; rejects with the signal's reason. */
  whenSynced(): Promise<void>;
  hasSynced(): boolean;
  /** Returns when the server was last heard, in milliseconds since the epoch; undefined before the first time. */
  lastContactAt(): number | undefined;
}

const DEFAULT_TIMING: ListWatchTiming = {
  // A few processes with five watches each are no burden, even for a server that is starting.
  backOff: { firstMs: 250, maxMs: 10_000 },
  // The bound of every other call, applied to each page.
  listSilenceMs: 15_000,
  // API servers send a bookmark every minute (measured), so this silence means a broken stream.
  watchSilenceMs: 90_000,
  // The range of client-go: reconnections are spread out, and load balancers can rebalance.
  watchSeconds: { min: 300, max: 600 },
  // Heals a divergence that no error shows: an etcd that was restored from a backup counts its versions again from an
  // earlier one.
  relistAfterMs: 60 * 60_000,
};

export function startReflector<T>(options: ReflectorOptions<T>): Reflector<T> {
  const { connection, path, labelSelector, logger, signal, onEnd } = options;
  const { timing = DEFAULT_TIMING, parts = 'all', after } = options;
  const mirror = createMirror(options);
  let hasSynced = false;
  let lastContactAt: number | undefined;
  let resolveSynced: () => void = () => undefined;
  const synced = new Promise<void>((resolve, reject) => {
    resolveSynced = resolve;
    onAbort(signal, reject);
  });
  // Nobody has to wait for the first listing; then an abort before it is no unhandled rejection.
  synced.catch(() => undefined);

  const following: ListWatchOptions = {
    connection,
    path,
    labelSelector,
    parts,
    timing,
    onEnd,
    logger,
    signal,
    sink: {
      accept: (event) => mirror.accept(event),
      beginListing: () => {
        const listing = mirror.beginListing();
        return {
          add: (object) => listing.add(object),
          complete: () => {
            listing.complete();
            hasSynced = true;
            resolveSynced();
          },
        };
      },
      contact: () => {
        lastContactAt = Date.now();
      },
    },
  };
  void (async () => {
    // `after` rejects only when the signal aborts.
    await after?.catch(() => undefined);
    await listWatch(following);
  })();

  return {
    get: (key) => mirror.get(key),
    retake: (object) => mirror.retake(object),
    values: () => mirror.values(),
    whenSynced: () => synced,
    hasSynced: () => hasSynced,
    lastContactAt: () => lastContactAt,
  };
}

function onAbort(signal: AbortSignal, listener: (reason: unknown) => void): void {
  if (signal.aborted) listener(signal.reason);
  else signal.addEventListener('abort', () => listener(signal.reason), { once: true });
}
