import { describe, expect, it } from 'vitest';

import type { LeaseRecord } from '../../../kubernetes/api/lease.ts';
import { bidFor, released, seen } from '../../../starter/leadership/candidate.ts';

const AT = new Date('2026-11-21T04:00:00.123Z');
const NOW = '2026-11-21T04:00:00.123000Z';
const EARLIER = '2026-11-21T03:00:00.000000Z';

const record: LeaseRecord = {
  holderIdentity: 'a',
  leaseDurationSeconds: 10,
  acquireTime: EARLIER,
  renewTime: EARLIER,
  leaseTransitions: 3,
};
const lease = { resourceVersion: '7', record };

describe('bidFor', () => {
  it('creates a missing Lease', () => {
    expect(bidFor(undefined, 'b', 0, AT)).toEqual({
      kind: 'create',
      record: {
        holderIdentity: 'b',
        leaseDurationSeconds: 10,
        acquireTime: NOW,
        renewTime: NOW,
        leaseTransitions: 0,
      },
    });
  });

  it('renews its own Lease, and keeps the time at which it acquired that', () => {
    expect(bidFor({ lease, sinceMs: 0 }, 'a', 60_000, AT)).toEqual({
      kind: 'write',
      resourceVersion: '7',
      record: { ...record, renewTime: NOW },
    });
  });

  it("waits for another's until it has seen it unchanged for its duration", () => {
    const known = { lease, sinceMs: 1_000 };
    expect(bidFor(known, 'b', 10_999, AT)).toEqual({
      kind: 'wait',
      holder: 'a',
      expiresAtMs: 11_000,
    });
    expect(bidFor(known, 'b', 11_000, AT)).toEqual({
      kind: 'write',
      resourceVersion: '7',
      record: {
        ...record,
        holderIdentity: 'b',
        acquireTime: NOW,
        renewTime: NOW,
        leaseTransitions: 4,
      },
    });
  });

  it('takes a released Lease at once', () => {
    const free = { resourceVersion: '8', record: released(record, AT) };
    expect(free.record).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    expect(bidFor({ lease: free, sinceMs: 0 }, 'b', 0, AT)).toMatchObject({
      kind: 'write',
      record: { holderIdentity: 'b', leaseDurationSeconds: 10, leaseTransitions: 4 },
    });
  });
});

describe('seen', () => {
  it('counts again from each renewal', () => {
    const renewed = { resourceVersion: '8', record: { ...record, renewTime: NOW } };
    expect(seen(renewed, { lease, sinceMs: 0 }, 2_000)).toEqual({
      lease: renewed,
      sinceMs: 2_000,
    });
  });

  it('counts on through a write that renews nothing', () => {
    const labelled = { resourceVersion: '8', record };
    expect(seen(labelled, { lease, sinceMs: 0 }, 2_000)).toEqual({ lease: labelled, sinceMs: 0 });
  });
});
