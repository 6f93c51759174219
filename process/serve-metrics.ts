import type { Logger } from '../domain/logger.ts';
import type { ListenAddress } from '../settings/listen-address.ts';
import { describeAddress } from '../settings/listen-address.ts';
import { UserError } from '../settings/user-error.ts';
import type { Health } from './health.ts';
import { startMetricsServer } from './metrics-server.ts';

/**
 * Serves metrics and health at the address in the settings; listens nowhere without one.
 *
 * @param exposition the text that Prometheus reads
 * @throws {UserError} if the process cannot listen at the address
 */
export async function serveMetrics(
  address: ListenAddress | undefined,
  exposition: () => Promise<string>,
  health: Health,
  logger: Logger,
): Promise<void> {
  if (address === undefined) return;
  try {
    const server = await startMetricsServer({ address, exposition, health });
    logger.info('metrics served', { address: describeAddress(server.address) });
  } catch (err) {
    throw new UserError(
      `cannot serve metrics at SEINODE_METRICS_ADDRESS=${describeAddress(address)}: ${(err as Error).message}; free the port or name another one`,
      { cause: err },
    );
  }
}
