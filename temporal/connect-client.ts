import { Connection } from '@temporalio/client';

import type { TemporalAddress } from '../settings/temporal-settings.ts';
import { connectTemporal } from './connect-temporal.ts';

/** Many times the duration of a handshake; a failed attempt is repeated. The default is 10 s. */
const ATTEMPT = '3 seconds';

/**
 * Opens a connection for clients; workers have their own kind.
 *
 * @throws {UserError} one sentence with a remedy
 */
export function connectClient(to: TemporalAddress, seconds: number): Promise<Connection> {
  return connectTemporal(to, seconds, (where) =>
    Connection.connect({ ...where, connectTimeout: ATTEMPT }),
  );
}
