import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { startElection } from '../../../starter/leadership/election.ts';
import type { Leadership } from '../../../starter/leadership/leadership.ts';
import type { RecordedLog } from '../../kubernetes/recorded-log.ts';
import { recordedLog } from '../../kubernetes/recorded-log.ts';
import { FakeLease } from './fake-lease.ts';

type Trouble = Parameters<FakeLease['reachedBy']>[0];

interface Candidate extends Leadership {
  /** What it did, with the seconds since the beginning. */
  readonly terms: readonly string[];
  readonly log: RecordedLog;
}

let lease: FakeLease;
let candidates: Candidate[];

beforeEach(() => {
  vi.useFakeTimers();
  lease = new FakeLease();
  candidates = [];
});
afterEach(async () => {
  const stopped = Promise.all(candidates.map((each) => each.stop()));
  // Requests that are not answered are given up: a bid, a look, a release.
  await seconds(9);
  await stopped;
  vi.useRealTimers();
});

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);
const now = () => Math.round(performance.now() / 100) / 10;

async function candidate(identity: string, trouble?: Trouble): Promise<Candidate> {
  const begin = now();
  const terms: string[] = [];
  const log = recordedLog();
  const since = () => Math.round((now() - begin) * 10) / 10;
  const leadership = startElection({
    leases: lease.reachedBy(trouble),
    identity,
    logger: log,
    lead: () => {
      terms.push(`leads at ${since()}`);
      return async () => {
        terms.push(`ends at ${since()}`);
      };
    },
  });
  const started = { ...leadership, terms, log };
  candidates.push(started);
  await seconds(0);
  return started;
}

/** Stands for a process that was killed: nothing more comes from it. */
async function killed(identity: string): Promise<void> {
  let isDead = false;
  await candidate(identity, () => (isDead ? 'away' : undefined));
  isDead = true;
}

describe('startElection', () => {
  it('makes the first candidate lead at once', async () => {
    const { terms, isLeading } = await candidate('a');
    expect(terms).toEqual(['leads at 0']);
    expect(isLeading()).toBe(true);
    expect(lease.lease?.record).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 10,
      leaseTransitions: 0,
    });
  });

  it('lets a leader lead as long as it renews, with one write every two seconds', async () => {
    const a = await candidate('a');
    const b = await candidate('b');
    lease.requests.length = 0;
    await seconds(60);
    expect(a.terms).toEqual(['leads at 0']);
    expect(b.terms).toEqual([]);
    expect(lease.requests.filter((request) => request !== 'get')).toEqual(
      Array.from({ length: 30 }, () => 'write a'),
    );
  });

  it('follows a killed leader once its Lease has stood still for 10 seconds', async () => {
    await killed('a');
    const b = await candidate('b');
    await seconds(15);
    expect(b.terms).toEqual(['leads at 10']);
    expect(lease.lease?.record).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('goes by its own clock, not by the times that the holder wrote', async () => {
    await killed('a');
    lease.edit({ renewTime: '2000-01-01T00:00:00.000000Z' });
    const b = await candidate('b');
    await seconds(9.9);
    expect(b.terms).toEqual([]);
    await seconds(0.1);
    expect(b.terms).toEqual(['leads at 10']);
  });

  it('stops leading when it stops, and another leads within two seconds', async () => {
    const a = await candidate('a');
    const b = await candidate('b');
    await seconds(5);
    const stopped = a.stop();
    expect(a.terms).toEqual(['leads at 0', 'ends at 5']);
    await stopped;
    expect(lease.lease?.record.holderIdentity).toBe('');
    await seconds(2);
    expect(b.isLeading()).toBe(true);
  });

  it('does nothing once it has stopped', async () => {
    const a = await candidate('a');
    await a.stop();
    lease.requests.length = 0;
    await seconds(30);
    expect(a.terms).toEqual(['leads at 0', 'ends at 0']);
    expect(lease.requests).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('releases a Lease whose renewal was not answered', async () => {
    let current: 'silent after the effect' | undefined;
    const a = await candidate('a', () => current);
    current = 'silent after the effect';
    await seconds(2.5);
    const stopped = a.stop();
    current = undefined;
    await seconds(3);
    await stopped;
    expect(lease.lease?.record.holderIdentity).toBe('');
  });

  it('keeps the Lease until the work under way has ended', async () => {
    let end: () => void = () => undefined;
    const stopping = startElection({
      leases: lease.reachedBy(),
      identity: 'a',
      logger: recordedLog(),
      lead: () => () => new Promise<void>((resolve) => (end = resolve)),
    });
    await seconds(1);
    const stopped = stopping.stop();
    await seconds(1);
    expect(lease.lease?.record.holderIdentity).toBe('a');
    end();
    await stopped;
    expect(lease.lease?.record.holderIdentity).toBe('');
  });

  it.for(['away', 'silent', 'silent after the effect'] as const)(
    'stops leading 3 seconds before another may, when the API server is %s',
    async (trouble) => {
      let current: 'away' | 'silent' | 'silent after the effect' | undefined;
      const a = await candidate('a', () => current);
      current = trouble;
      const b = await candidate('b');
      await seconds(16);
      expect(a.terms).toEqual(['leads at 0', 'ends at 7']);
      const [begin = ''] = b.terms;
      expect(Number(begin.replace('leads at ', ''))).toBeGreaterThanOrEqual(10);
    },
  );

  it('goes on leading through an outage that is shorter than the deadline', async () => {
    let isAway = false;
    const { terms } = await candidate('a', () => (isAway ? 'away' : undefined));
    isAway = true;
    await seconds(5);
    isAway = false;
    await seconds(20);
    expect(terms).toEqual(['leads at 0']);
  });

  it('leads again once it can renew, when nobody else has taken the Lease', async () => {
    let isAway = false;
    const { terms } = await candidate('a', () => (isAway ? 'away' : undefined));
    isAway = true;
    await seconds(9);
    isAway = false;
    await seconds(2);
    expect(terms).toEqual(['leads at 0', 'ends at 7', 'leads at 10']);
  });

  it('stops leading when somebody has given the Lease to another', async () => {
    const a = await candidate('a');
    lease.edit({ holderIdentity: 'b' });
    await seconds(4);
    expect(a.terms).toEqual(['leads at 0', 'ends at 4']);
    expect(a.log.entries.at(-1)).toEqual({
      message: 'standing by',
      fields: { lease: 'ops/seinode-watcher', identity: 'a', holder: 'b' },
    });
  });

  it('goes on leading when somebody has touched the Lease, or deleted it', async () => {
    const { terms } = await candidate('a');
    lease.edit({});
    await seconds(6);
    lease.lease = undefined;
    await seconds(6);
    expect(terms).toEqual(['leads at 0']);
  });

  it('takes back at once the Lease that it held before it was restarted', async () => {
    await killed('pod-0');
    const { terms } = await candidate('pod-0');
    expect(terms).toEqual(['leads at 0']);
  });

  it('names the missing rights once', async () => {
    const { log } = await candidate('a', () => 'forbidden');
    await seconds(20);
    expect(log.entries).toEqual([
      {
        message: 'cannot bid for the Lease, will be repeated',
        fields: {
          lease: 'ops/seinode-watcher',
          identity: 'a',
          error: 'leases is forbidden',
          remedy: 'grant get, create and patch on leases in ops',
        },
      },
    ]);
  });

  it('never has two lead at once, however often the API server fails', async () => {
    const failing = new Set<string>();
    const names = ['a', 'b', 'c'];
    for (const name of names) {
      await candidate(name, () => (failing.has(name) ? 'silent' : undefined));
    }
    for (let step = 0; step < 2_000; step += 1) {
      // Each in turn fails for a while, whose length shares no divisor with the times of the election.
      const failed = names[Math.floor(step / 13) % names.length] ?? '';
      failing.clear();
      if (step % 13 < 10) failing.add(failed);
      await seconds(1.3);
      expect(candidates.filter((each) => each.isLeading()).length).toBeLessThanOrEqual(1);
    }
    expect(candidates.map(({ terms }) => terms.length > 10)).toEqual([true, true, true]);
  });
});
