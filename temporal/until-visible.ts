import { setTimeout as delay } from 'node:timers/promises';

import { UserError } from '../settings/user-error.ts';
import { grpcMessageOf } from './grpc-status.ts';

/** Servers look for new namespaces every 10 seconds, and need one more round for the attributes of these. */
const VISIBLE_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 500;

/**
 * Repeats `look` until it succeeds: not every part of the server knows at once what was created.
 *
 * @throws {UserError} when it does not succeed in time; a UserError of `look` at once
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
