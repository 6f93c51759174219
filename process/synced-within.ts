import pTimeout from 'p-timeout';

import type { Logger } from '../domain/logger.ts';
import { nameOfWatch } from '../kubernetes/watch/name-of-watch.ts';
import type { SharedCache, WatchHealth } from '../kubernetes/watch/shared-cache.ts';
import { UserError } from '../settings/user-error.ts';

/**
 * The time that the namespaces wait for each other once one is listed: a list takes a moment. A later one
 * joins when it comes, and one that never comes, because it or its rights are gone, must not stop the
 * process from serving the others.
 */
const GRACE_MS = 5_000;

/**
 * Waits until everything is listed; with several namespaces until one is, and a moment longer for the
 * others. A watch that cannot list retries for ever; at start that is a mistake, which somebody has to see.
 * A list that is still coming in is no mistake, however long it takes: otherwise anybody who may create
 * ConfigMaps could keep the process from starting.
 *
 * @param seconds without another object of the lists that are still missing
 * @throws {UserError} that names the missing lists, if no namespace was listed
 */
export async function syncedWithin(
  seconds: number,
  cache: Pick<SharedCache, 'health' | 'whenAnySynced' | 'whenSynced'>,
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  await anySyncedWithin(seconds, cache);
  const all = cache.whenSynced().then(() => true);
  if (await pTimeout(all, { milliseconds: GRACE_MS, fallback: () => false })) return;
  const missing = missingOf(cache);
  logger.warn('Started without namespaces that cannot be listed yet; their nodes wait', {
    namespaces: [...new Set(missing.flatMap(({ namespace = [] }) => namespace))].join(', '),
    missing: missing.map(nameOfWatch).join(', '),
    remedy:
      'see the lines "Watch interrupted"; check that each is there and that the account may list and watch in it',
  });
}

async function anySyncedWithin(
  seconds: number,
  cache: Pick<SharedCache, 'health' | 'whenAnySynced'>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const look = (): void => {
      const missing = missingOf(cache);
      const heardAt = Math.max(...missing.map(({ lastContactAt = -Infinity }) => lastContactAt));
      const leftMs = heardAt + seconds * 1_000 - Date.now();
      if (leftMs > 0) {
        timer = setTimeout(look, leftMs);
        return;
      }
      reject(
        new UserError(
          `cannot list ${missing.map(nameOfWatch).join(', ')} within ${seconds} s; check that the SeiNode CRD is installed (kubectl apply -f deploy/crd) and that the account may list and watch them`,
        ),
      );
    };
    timer = setTimeout(look, seconds * 1_000);
  });
  try {
    await Promise.race([cache.whenAnySynced(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function missingOf(cache: Pick<SharedCache, 'health'>): readonly WatchHealth[] {
  return cache.health().filter((watch) => !watch.hasSynced);
}
