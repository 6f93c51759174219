import type { LeaseApi } from '../../kubernetes/api/lease.ts';
import type { SeenLease } from './candidate.ts';
import { bidFor, released, seen } from './candidate.ts';
import { REQUEST_SECONDS, RETRY_SECONDS } from './timing.ts';

export type Outcome =
  | { readonly kind: 'held' }
  /** Another candidate holds the Lease; the next look is worthwhile after `waitMs`. */
  | { readonly kind: 'another'; readonly holder: string; readonly waitMs: number };

/** One candidate for the Lease. */
export interface Bidder {
  /** Takes the Lease, renews it, or finds that another holds it. Throws the errors of the API. */
  bid(): Promise<Outcome>;
  /** Gives the Lease back, so that nobody waits for it to expire. */
  release(): Promise<void>;
}

export function createBidder(leases: LeaseApi, identity: string): Bidder {
  let known: SeenLease | undefined;
  let mustRead = true;

  async function read(): Promise<void> {
    const lease = await inTime((request) => leases.get(request));
    known = lease && seen(lease, known, performance.now());
  }

  return {
    async bid() {
      // The holder knows its Lease, so a renewal is one request; a Lease that another has taken shows as a conflict.
      if (mustRead) await read();
      mustRead = true;
      const bid = bidFor(known, identity, performance.now(), new Date());
      if (bid.kind === 'wait') {
        const leftMs = bid.expiresAtMs - performance.now();
        return {
          kind: 'another',
          holder: bid.holder,
          waitMs: Math.min(RETRY_SECONDS * 1_000, leftMs),
        };
      }
      const lease = await inTime((request) =>
        bid.kind === 'create'
          ? leases.create(bid.record, request)
          : leases.update(bid.resourceVersion, bid.record, request),
      );
      known = seen(lease, known, performance.now());
      mustRead = false;
      return { kind: 'held' };
    },
    async release() {
      if (mustRead) await read();
      if (known?.lease.record.holderIdentity !== identity) return;
      const { resourceVersion, record } = known.lease;
      await inTime((request) =>
        leases.update(resourceVersion, released(record, new Date()), request),
      );
    },
  };
}

async function inTime<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const tooLate = new AbortController();
  const timer = setTimeout(
    () => tooLate.abort(new Error(`no answer within ${REQUEST_SECONDS} s`)),
    REQUEST_SECONDS * 1_000,
  );
  try {
    return await call(tooLate.signal);
  } finally {
    clearTimeout(timer);
  }
}
