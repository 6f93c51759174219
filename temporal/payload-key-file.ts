import { readFileSync } from 'node:fs';

import type { PayloadKeys } from './payload-keys.ts';
import { parsePayloadKeys } from './payload-keys.ts';

/** It is a small file. Whoever is sent a payload by a key that was added just now has that key a second later. */
const EVERY_MS = 1_000;

/**
 * The keys that a file holds by now, read again while they are in use. As long as it cannot be read, or has no
 * good keys, those from before stay.
 *
 * @param onFault told why they stay, once for each reason
 * @param now milliseconds, of a clock that is never set back
 * @throws {Error} when the file cannot be read, or has no good keys, at first
 */
export function payloadKeyFile(
  file: string,
  onFault: (err: unknown) => void = () => undefined,
  now: () => number = () => performance.now(),
): PayloadKeys {
  const read = () => parsePayloadKeys(readFileSync(file, 'utf8'), file);
  let keys = read();
  let readAt = now();
  let told: string | undefined;

  function newest(): PayloadKeys {
    if (now() - readAt < EVERY_MS) return keys;
    readAt = now();
    try {
      keys = read();
      told = undefined;
    } catch (err) {
      const { message } = err as Error;
      if (message !== told) onFault(err);
      told = message;
    }
    return keys;
  }

  return {
    source: file,
    get current() {
      return newest().current;
    },
    get byId() {
      return newest().byId;
    },
  };
}
