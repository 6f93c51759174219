import { readFileSync } from 'node:fs';

import { createFaultReport } from './fault-report.ts';
import type { PayloadKeys } from './payload-keys.ts';
import { parsePayloadKeys } from './payload-keys.ts';

/** Often, because the file is small: a process that receives a payload of a key added just now has that key a second later. */
const EVERY_MS = 1_000;

/**
 * Returns the keys of a file, and reads the file again while they are in use. While it cannot be read, or has no valid
 * keys, the previous keys stay in use.
 *
 * @param onFault called with the reason why they stay, once per reason
 * @param now milliseconds on a monotonic clock
 * @throws {Error} when the first read fails, or finds no valid keys
 */
export function followPayloadKeyFile(
  file: string,
  onFault: (err: unknown) => void = () => undefined,
  now: () => number = () => performance.now(),
): PayloadKeys {
  const read = () => parsePayloadKeys(readFileSync(file, 'utf8'), file);
  let keys = read();
  let readAt = now();
  const fault = createFaultReport(onFault);

  function newest(): PayloadKeys {
    if (now() - readAt < EVERY_MS) return keys;
    readAt = now();
    try {
      keys = read();
      fault.succeeded();
    } catch (err) {
      fault.failed(err);
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
