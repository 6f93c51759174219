import { Connection } from '@temporalio/client';

import type { TemporalAddress } from '../settings/temporal-settings.ts';
import { connectTemporal } from './connect-temporal.ts';

/** Many times what a handshake takes; an attempt that fails is made again. By default it is 10 s. */
const ATTEMPT = '3 seconds';

/**
 * A connection for clients. Workers have one of their own kind.
 *
 * @throws {UserError} one sentence with a remedy
 */
export function connectClient(to: TemporalAddress, seconds: number): Promise<Connection> {
  return connectTemporal(to, seconds, (where) =>
    Connection.connect({ ...where, connectTimeout: ATTEMPT }),
  );
}
