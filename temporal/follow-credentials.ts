import type { Logger } from '../domain/logger.ts';
import type { TemporalAddress } from '../settings/temporal-settings.ts';
import type { CredentialChange } from './credentials.ts';
import { credentialChange } from './credentials.ts';
import { createFaultReport } from './fault-report.ts';
import { ticks } from './ticks.ts';

/**
 * Reads the files instead of watching them, because a kubelet swaps a link above them. The kubelet takes a minute to do
 * so, which makes this delay small; a certificate that replaces another in its last seconds is still in time.
 */
const EVERY_MS = 10_000;

export interface FollowedCredentials {
  /** The credentials that the process started with. */
  readonly begun: TemporalAddress;
  /** @throws when the files cannot be read, or hold nothing usable */
  readonly read: () => TemporalAddress;
  /** Switches to them. @throws when Temporal does not accept them; the caller then tries again */
  readonly take: (
    credentials: TemporalAddress,
    change: Exclude<CredentialChange, 'none'>,
  ) => Promise<void>;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly everyMs?: number;
}

/**
 * Switches a process to new credentials whenever its files change, until the signal aborts. While new ones cannot be
 * read or are not accepted, the process keeps the old ones and logs that once.
 */
export async function followCredentials(options: FollowedCredentials): Promise<void> {
  const { begun, read, take, signal, logger, everyMs = EVERY_MS } = options;
  let current = begun;
  const fault = createFaultReport((err) => {
    logger.error('credentials for Temporal have changed, and the old ones stay in use', { err });
  });
  for await (const _ of ticks(everyMs, signal)) {
    try {
      const next = read();
      const change = credentialChange(current, next);
      if (change !== 'none') {
        await take(next, change);
        current = next;
        logger.info('credentials for Temporal have changed, and are in use', { change });
      }
      fault.succeeded();
    } catch (err) {
      fault.failed(err);
    }
  }
}
