import { nameOfWatch } from '../kubernetes/name-of-watch.ts';
import type { SharedCache } from '../kubernetes/shared-cache.ts';
import { UserError } from './user-error.ts';

/**
 * Waits until all has been listed. A watch that cannot list retries for ever; at start that is a mistake
 * somebody should hear of. A list that is coming in is none, however long that takes: whoever may create
 * ConfigMaps could else keep the process from starting.
 *
 * @param seconds without an object of what is still to be listed
 * @throws {UserError} that names what was not listed
 */
export async function syncedWithin(
  seconds: number,
  cache: Pick<SharedCache, 'health' | 'whenSynced'>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const look = (): void => {
      const missing = cache.health().filter((watch) => !watch.hasSynced);
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
    await Promise.race([cache.whenSynced(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
