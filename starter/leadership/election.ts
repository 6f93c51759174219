import type { Logger } from '../../domain/logger.ts';
import { keyOf } from '../../domain/node/node-ref.ts';
import { classifyApiError, isAlreadyExists, isConflict } from '../../kubernetes/api/errors.ts';
import type { LeaseApi } from '../../kubernetes/api/lease.ts';
import { createBidder } from './bidder.ts';
import type { Lead, Leadership } from './leadership.ts';
import { RENEW_DEADLINE_SECONDS, RETRY_SECONDS } from './timing.ts';

export interface ElectionOptions {
  readonly leases: LeaseApi;
  /** Unique among the processes that are alive. */
  readonly identity: string;
  /**
   * Called whenever this process begins to lead. It returns a function that ends the term: after its call nothing new
   * begins, and once its promise resolves nothing is under way.
   */
  readonly lead: Lead;
  readonly logger: Logger;
}

/**
 * Leads while this process holds the Lease. A leader that cannot renew it in time stops leading before another may
 * begin to, and is a candidate again.
 */
export function startElection({ leases, identity, lead, logger }: ElectionOptions): Leadership {
  const lease = keyOf(leases.key);
  const bidder = createBidder(leases, identity);
  let isStopping = false;
  let endLead: ReturnType<Lead> | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let next: NodeJS.Timeout | undefined;
  let holder = '';
  let lastError = '';

  /** @param sentMs the time at which the renewal was sent: for others the Lease may begin at any moment after it */
  function hold(sentMs: number): void {
    clearTimeout(deadline);
    const leftMs = sentMs + RENEW_DEADLINE_SECONDS * 1_000 - performance.now();
    deadline = setTimeout(() => void cease('the Lease could not be renewed in time'), leftMs);
    if (endLead !== undefined) return;
    endLead = lead();
    logger.info('leading', { lease, identity });
  }

  async function cease(why: string): Promise<void> {
    clearTimeout(deadline);
    if (endLead === undefined) return;
    const ended = endLead();
    endLead = undefined;
    logger.info('no longer leading', { lease, identity, why });
    await ended;
  }

  function standBy(by: string): void {
    void cease(`${by} holds the Lease`);
    if (holder !== by) logger.info('standing by', { lease, identity, holder: by });
    holder = by;
  }

  function tell(err: unknown): void {
    // Another candidate was faster; the next look names it.
    if (isConflict(err) || isAlreadyExists(err)) return;
    const { kind, message } = classifyApiError(err);
    if (message === lastError) return;
    lastError = message;
    const remedy =
      kind === 'forbidden' && `grant get, create and patch on leases in ${leases.key.namespace}`;
    logger.warn('cannot bid for the Lease, will be repeated', {
      lease,
      identity,
      error: message,
      ...(remedy !== false && { remedy }),
    });
  }

  /** @returns milliseconds until the next bid */
  async function bid(): Promise<number> {
    const sentMs = performance.now();
    const outcome = await bidder.bid();
    lastError = '';
    if (outcome.kind === 'another') {
      standBy(outcome.holder);
      return outcome.waitMs;
    }
    holder = identity;
    if (!isStopping) hold(sentMs);
    return RETRY_SECONDS * 1_000;
  }

  async function run(): Promise<void> {
    let waitMs = RETRY_SECONDS * 1_000;
    try {
      waitMs = await bid();
    } catch (err) {
      if (!isStopping) tell(err);
    }
    if (isStopping) return;
    next = setTimeout(() => {
      running = run();
    }, waitMs);
  }
  let running = run();

  return {
    isLeading: () => endLead !== undefined,
    async stop() {
      isStopping = true;
      clearTimeout(next);
      await cease('this process stops');
      // If it broke off a renewal, nobody would know which version of the Lease to release.
      await running;
      await bidder.release().catch((err: unknown) => {
        logger.warn('the Lease was not released, and expires', {
          lease,
          identity,
          error: classifyApiError(err).message,
        });
      });
    },
  };
}
