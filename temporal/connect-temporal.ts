import { connectWithin } from '../process/connect-within.ts';
import type { TemporalAddress } from '../settings/temporal-settings.ts';
import { UserError } from '../settings/user-error.ts';
import { explainUnreachable } from './explain-unreachable.ts';
import { grpcMessageOf } from './grpc-status.ts';
import { probeServer } from './probe-server.ts';
import { refusalOf } from './refusal.ts';

/**
 * Connects to Temporal, and repeats that while the server is away.
 *
 * The libraries only say that there is no connection. So after a failure this probes the server for the reason: a
 * mistake in the settings ends the attempts at once.
 *
 * @param open connects by one of the libraries of the SDK
 * @throws {UserError} one sentence with a remedy
 */
export function connectTemporal<T>(
  to: TemporalAddress,
  seconds: number,
  open: (to: TemporalAddress) => Promise<T>,
): Promise<T> {
  return connectWithin(
    seconds,
    `Temporal at ${to.address}`,
    'check TEMPORAL_ADDRESS and that the server is up',
    async () => {
      try {
        return await open(to);
      } catch (err) {
        throw await explained(err, to);
      }
    },
  );
}

async function explained(err: unknown, to: TemporalAddress): Promise<unknown> {
  const refusal = refusalOf(err);
  if (refusal !== undefined) {
    return new UserError(
      `Temporal at ${to.address} refuses us: ${refusal}; check TEMPORAL_API_KEY, or the client certificate, and its rights`,
      { cause: err },
    );
  }
  const explanation = explainUnreachable(await probeServer(to), to);
  switch (explanation?.kind) {
    case 'settings':
      return new UserError(explanation.message, { cause: err });
    case 'outage':
      return new Error(explanation.message, { cause: err });
    case undefined:
      // The server is there, and the library wraps what it said.
      return new Error(grpcMessageOf(err), { cause: err });
  }
}
