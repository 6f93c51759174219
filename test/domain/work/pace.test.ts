import { describe, expect, it } from 'vitest';

import type { Pace } from '../../../domain/work/pace.ts';
import {
  FORGET_AFTER_SECONDS,
  FRESH_PACE,
  isNews,
  withGeneration,
  withProgress,
  withRound,
  withRunsBefore,
  withReport,
} from '../../../domain/work/pace.ts';

const START_MS = Date.parse('2026-01-01T12:00:00.000Z');
const DAY_MS = 24 * 3_600_000;

/** Returns the pauses in seconds before so many rounds that take no time themselves. */
function pausesOf(rounds: readonly Parameters<typeof withRound>[1][], from = FRESH_PACE) {
  let pace: Pace = from;
  let nowMs = START_MS;
  return rounds.map((round) => {
    pace = withRound(pace, round, nowMs);
    const pauseMs = pace.lastAtMs - nowMs;
    nowMs = pace.lastAtMs;
    return pauseMs / 1_000;
  });
}

describe('withRound', () => {
  it('repeats once at once, then after 10 seconds, doubling to 10 minutes', () => {
    expect(pausesOf(Array.from({ length: 11 }, () => 'nodeSync'))).toEqual([
      0, 0, 10, 20, 40, 80, 160, 320, 600, 600, 600,
    ]);
  });

  it('takes each kind of work for new once, so that what follows from each other is not slowed', () => {
    expect(pausesOf(['nodeInit', 'nodeUpdate', 'nodeSync', 'nodeDelete'])).toEqual([0, 0, 0, 0]);
  });

  it('slows down kinds that are due by turns, and turns within a round, together', () => {
    expect(
      pausesOf(['nodeUpdate', 'nodeSync', 'nodeUpdate', 'nodeSync', 'turn', 'nodeUpdate']),
    ).toEqual([0, 0, 0, 10, 20, 40]);
  });

  it.each([
    ['a turn', ['nodeUpdate', 'turn', 'nodeUpdate', 'turn']],
    ['a round', ['nodeUpdate', 'nodeUpdate', 'turn', 'nodeUpdate']],
  ] as const)('takes what is repeated for another reason than %s for a race', (_of, rounds) => {
    expect(pausesOf(rounds)).toEqual([0, 0, 0, 20]);
  });

  it('counts the time that a round takes itself', () => {
    const first = withRound(withRound(FRESH_PACE, 'nodeSync', START_MS), 'nodeSync', START_MS);
    expect(withRound(first, 'nodeSync', START_MS + 15_000).lastAtMs).toBe(START_MS + 15_000);
    expect(withRound(first, 'nodeSync', START_MS + 4_000).lastAtMs).toBe(START_MS + 10_000);
  });

  it('keeps the round whose pause was cut short', () => {
    const rounds = ['nodeSync', 'nodeSync', 'nodeSync'] as const;
    const waiting = rounds.reduce<Pace>(
      (pace, kind) => withRound(pace, kind, START_MS),
      FRESH_PACE,
    );
    expect(withRound(waiting, 'nodeSync', START_MS + 3_000)).toEqual(waiting);
  });

  it('forgets what lies long back, but never at the longest pause', () => {
    const slow = { ...FRESH_PACE, kinds: ['nodeSync'], repeats: 9, lastAtMs: START_MS } as const;
    const later = START_MS + FORGET_AFTER_SECONDS * 1_000;
    expect(withRound(slow, 'nodeSync', later).repeats).toBe(10);
    expect(withRound(slow, 'nodeSync', later + 1)).toMatchObject({
      repeats: 0,
      lastAtMs: later + 1,
    });
  });

  it('bounds the rounds of a day', () => {
    let pace: Pace = FRESH_PACE;
    let rounds = 0;
    for (let nowMs = START_MS; nowMs < START_MS + DAY_MS; nowMs = pace.lastAtMs) {
      pace = withRound(pace, rounds % 2 === 0 ? 'nodeSync' : 'nodeUpdate', nowMs);
      rounds += 1;
    }
    expect(rounds).toBeLessThan(160);
  });
});

describe('progress', () => {
  const slow: Pace = { ...FRESH_PACE, generation: 3, kinds: ['nodeSync'], repeats: 9, lastAtMs: 7 };

  it('is a newer generation that an attempt has begun with', () => {
    expect(withGeneration(slow, 4)).toMatchObject({ generation: 4, repeats: 0 });
    expect(withGeneration(slow, 3)).toEqual(slow);
    expect(withGeneration(slow, 2)).toEqual(slow);
    expect(withGeneration({ ...slow, generation: 0 }, 4).repeats).toBe(slow.repeats);
  });

  it('is a command', () => {
    expect(pausesOf(['nodeSync', 'nodeSync'], withProgress(slow))).toEqual([0, 0]);
  });

  it('is anything that the watcher has not reported before, up to a few things', () => {
    const told = withReport(slow, '3 nodeSync a');
    expect(isNews(told, '3 nodeSync a')).toBe(false);
    expect(isNews(told, '3 nodeSync b')).toBe(true);
    const talkative = Array.from({ length: 50 }, (_, nth) => `${nth}`).reduce(withReport, slow);
    expect(isNews(talkative, 'more')).toBe(false);
    expect(talkative.told).toHaveLength(10);
  });
});

describe('withRunsBefore', () => {
  const paused = (runs: number): number => {
    const before = { kind: 'nodeSync', runs, why: 'drift' } as const;
    return (
      withRound(withRunsBefore(FRESH_PACE, before, START_MS), 'nodeSync', START_MS).lastAtMs -
      START_MS
    );
  };

  it('goes on with the pauses where the runs before have left off', () => {
    expect([0, 1, 2, 3, 4, 50].map(paused)).toEqual([0, 0, 10_000, 20_000, 40_000, 600_000]);
  });
});
