import type { Logger } from '../domain/logger.ts';
import type { TemporalAddress } from '../settings/temporal-settings.ts';
import type { CredentialChange } from './credentials.ts';
import { credentialChange } from './credentials.ts';
import { ticks } from './ticks.ts';

/**
 * The files are read, and not watched: a kubelet swaps a link above them. It takes it a minute to do
 * that, so this adds little; a certificate that replaces another in its last seconds is still in time.
 */
const EVERY_MS = 10_000;

export interface FollowedCredentials {
  /** What the process has begun with. */
  readonly begun: TemporalAddress;
  /** @throws when the files are not readable, or hold nothing that is usable */
  readonly read: () => TemporalAddress;
  /** Goes over to them. @throws when Temporal does not take them; then they are tried again */
  readonly take: (
    credentials: TemporalAddress,
    change: Exclude<CredentialChange, 'none'>,
  ) => Promise<void>;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly everyMs?: number;
}

/**
 * Lets a process go on with other credentials when those of its files change, until the signal. As long
 * as new ones cannot be read or are not taken it goes on with the old ones, and says so once.
 */
export async function followCredentials(options: FollowedCredentials): Promise<void> {
  const { begun, read, take, signal, logger, everyMs = EVERY_MS } = options;
  let current = begun;
  let told: string | undefined;
  for await (const _ of ticks(everyMs, signal)) {
    try {
      const next = read();
      const change = credentialChange(current, next);
      if (change !== 'none') {
        await take(next, change);
        current = next;
        logger.info('credentials for Temporal have changed, and are in use', { change });
      }
      told = undefined;
    } catch (err) {
      const { message } = err as Error;
      if (message !== told) {
        logger.error('credentials for Temporal have changed, and the old ones stay in use', {
          err,
        });
      }
      told = message;
    }
  }
}
