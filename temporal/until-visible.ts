import { setTimeout as delay } from 'node:timers/promises';

import { UserError } from '../settings/user-error.ts';
import { grpcMessageOf } from './grpc-status.ts';

/** Servers look for new namespaces every 10 seconds, and need one round more for its attributes. */
const VISIBLE_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 500;

/**
 * Looks until it can be seen: what was created is not known to every part of the server at once.
 *
 * @throws {UserError} when it cannot be seen in time, and what `look` throws of that kind at once
 */
export async function untilVisible<T>(look: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    try {
      return await look();
    } catch (err) {
      if (err instanceof UserError) throw err;
      if (Date.now() < deadline) {
        await delay(LOOK_EVERY_MS);
        continue;
      }
      throw new UserError(
        `what was set up cannot be seen after ${VISIBLE_WITHIN_MS / 1_000} s: ${grpcMessageOf(err)}; run this again later`,
        { cause: err },
      );
    }
  }
}
