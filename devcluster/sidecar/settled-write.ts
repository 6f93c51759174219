import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '../../domain/logger.ts';
import { isConflict, isNotFound } from '../../kubernetes/api/errors.ts';
import type { Pod } from './pod.ts';

/** `failed`: nothing was written, and nothing else has changed the pod either. */
export type WriteOutcome = 'settled' | 'failed';

/** Long enough to spare an API server that is restarting, short enough for a test to wait. */
const RETRY_MS = 200;

/**
 * Writes to one version of a pod, and to no other. Does not throw.
 *
 * @param failure the log message of a write that fails
 */
export async function settledWrite(
  { metadata: { namespace, name } }: Pod,
  logger: Logger,
  failure: string,
  write: () => Promise<unknown>,
): Promise<WriteOutcome> {
  try {
    await write();
    return 'settled';
  } catch (err) {
    // The pod has changed or is gone, and the watch is about to say so.
    if (isConflict(err) || isNotFound(err)) return 'settled';
    logger.warn(failure, { namespace, name, err });
    await sleep(RETRY_MS);
    return 'failed';
  }
}
