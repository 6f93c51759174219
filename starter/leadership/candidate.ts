import type { Lease, LeaseRecord } from '../../kubernetes/api/lease.ts';
import { microTime } from '../../kubernetes/views/timestamp.ts';
import { LEASE_SECONDS } from './timing.ts';

/**
 * A Lease as one candidate knows it. Times called `...Ms` are of the candidate's own clock, which only goes forward:
 * they are never compared with the holder's clock.
 */
export interface SeenLease {
  readonly lease: Lease;
  /** The time at which the candidate first saw this very record. */
  readonly sinceMs: number;
}

/** The candidate's next move. */
export type Bid =
  /** There is no Lease. */
  | { readonly kind: 'create'; readonly record: LeaseRecord }
  /** It is free, expired, or the candidate's own. */
  | {
      readonly kind: 'write';
      readonly resourceVersion: string;
      readonly record: LeaseRecord;
    }
  /** Another holds it, at least until then. */
  | { readonly kind: 'wait'; readonly holder: string; readonly expiresAtMs: number };

/** Returns the Lease as seen now: only a changed record begins a new term. */
export function seen(lease: Lease, before: SeenLease | undefined, nowMs: number): SeenLease {
  const isSame =
    before !== undefined && JSON.stringify(before.lease.record) === JSON.stringify(lease.record);
  return { lease, sinceMs: isSame ? before.sinceMs : nowMs };
}

/**
 * Decides as the leader election of client-go does: a Lease expires for a candidate once its record has stayed the same
 * for the Lease's whole duration while the candidate looked on.
 *
 * @param at the time to be recorded, for people
 */
export function bidFor(
  known: SeenLease | undefined,
  identity: string,
  nowMs: number,
  at: Date,
): Bid {
  if (known === undefined) return { kind: 'create', record: recordOf(identity, at, undefined) };
  const { lease, sinceMs } = known;
  const { holderIdentity } = lease.record;
  const expiresAtMs = sinceMs + LEASE_SECONDS * 1_000;
  if (holderIdentity !== '' && holderIdentity !== identity && nowMs < expiresAtMs) {
    return { kind: 'wait', holder: holderIdentity, expiresAtMs };
  }
  return {
    kind: 'write',
    resourceVersion: lease.resourceVersion,
    record: recordOf(identity, at, lease.record),
  };
}

/** Returns the record that lets another candidate take the Lease at its next look. */
export function released(record: LeaseRecord, at: Date): LeaseRecord {
  // The API server admits no duration of zero.
  return { ...record, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(at) };
}

function recordOf(identity: string, at: Date, before: LeaseRecord | undefined): LeaseRecord {
  const now = microTime(at);
  const isRenewal = before?.holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: LEASE_SECONDS,
    acquireTime: isRenewal ? before.acquireTime : now,
    renewTime: now,
    leaseTransitions: transitionsAfter(before, isRenewal),
  };
}

function transitionsAfter(before: LeaseRecord | undefined, isRenewal: boolean): number {
  if (before === undefined) return 0;
  return isRenewal ? before.leaseTransitions : before.leaseTransitions + 1;
}
