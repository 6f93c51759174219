import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FairShare } from '../../../activities/shared/fair-share.ts';
import {
  heartbeatingThroughout,
  resting,
  saysInHeartbeats,
  untilCancelled,
} from '../../../activities/shared/heartbeating.ts';
import { createHeartbeatShare } from '../../../activities/shared/heartbeats.ts';
import {
  HEARTBEAT_TIMEOUT_MS,
  HELD_BACK_HEARTBEAT_TIMEOUT_MS,
} from '../../../domain/run/time-limits.ts';

const BROKEN = 2_000;

let share: FairShare;
let started: number;

beforeEach(() => {
  vi.useFakeTimers();
  share = createHeartbeatShare();
  started = performance.now();
});
afterEach(() => vi.useRealTimers());

interface Run {
  readonly end: Promise<unknown>;
  /** When each heartbeat was sent, in milliseconds since the beginning. */
  readonly beats: readonly number[];
  readonly said: readonly unknown[];
  readonly cancel: () => void;
}

function start(
  namespace: string,
  activity: () => Promise<unknown>,
  heartbeatTimeoutMs = HEARTBEAT_TIMEOUT_MS,
): Run {
  const workflowExecution = { workflowId: `seinode/c/${namespace}/n0`, runId: 'run' };
  const environment = new MockActivityEnvironment({ workflowExecution, heartbeatTimeoutMs });
  const beats: number[] = [];
  const said: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => {
    beats.push(performance.now() - started);
    said.push(details);
  });
  const end = environment.run(heartbeatingThroughout(share, activity));
  end.catch(() => undefined);
  return { end, beats, said, cancel: () => environment.cancel() };
}

const rests = (): Promise<unknown> => resting(Context.current().sleep(600_000));

function manyRest(): readonly Run[] {
  return Array.from({ length: BROKEN }, () =>
    start('broken', rests, HELD_BACK_HEARTBEAT_TIMEOUT_MS),
  );
}

describe('heartbeatingThroughout', () => {
  it('heartbeats each second, whether the attempt rests or not', async () => {
    const resting = start('ns', rests);
    const busy = start('ns', () => untilCancelled(new Promise(() => undefined)));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(resting.beats).toEqual([1_000, 2_000, 3_000]);
    expect(busy.beats).toEqual([1_000, 2_000, 3_000]);
  });

  it('costs Temporal a bounded number of heartbeats, however many nodes of a namespace wait', async () => {
    const broken = manyRest();
    const healthy = start('healthy', rests);
    await vi.advanceTimersByTimeAsync(60_000);
    const sent = broken.reduce((sum, { beats }) => sum + beats.length, 0);
    // It was 2,000 each second.
    expect(sent / 60).toBeLessThan(150);
    for (const { beats } of broken) {
      expect(longestGap(beats)).toBeLessThan(HELD_BACK_HEARTBEAT_TIMEOUT_MS / 2);
    }
    expect(healthy.beats).toHaveLength(60);
  });

  it('heartbeats before what follows a rest, so that a request comes right after it', async () => {
    manyRest();
    let isOver: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      isOver = resolve;
    });
    let beatsBeforeRequest = 0;
    const attempt = start('broken', async () => {
      await resting(over);
      beatsBeforeRequest = attempt.beats.length;
      await untilCancelled(new Promise(() => undefined));
    });
    await vi.advanceTimersByTimeAsync(2_500);
    expect(attempt.beats).toEqual([]);
    isOver();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(beatsBeforeRequest).toBe(1);
    expect(attempt.beats).toEqual([2_500, 3_500, 4_500]);
  });

  it('says what is waited for at once, and in each heartbeat after it', async () => {
    const { said } = start('ns', () => {
      saysInHeartbeats(() => 'the pod');
      return rests();
    });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(said).toEqual(['the pod', 'the pod', 'the pod']);
  });

  it('says nothing out of turn that it has said last, as one does that looks again and again', async () => {
    const { said, beats } = start('ns', async () => {
      for (const what of ['starts', 'starts', 'starts', 'serves', 'serves']) {
        saysInHeartbeats(() => what);
        await resting(Context.current().sleep(100));
      }
      await rests();
    });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(said).toEqual(['starts', 'serves', 'serves']);
    expect(beats).toEqual([0, 300, 1_300]);
  });

  it('heartbeats once for a third of the time-out where so many wait that none may be rarer', async () => {
    for (let count = 0; count < 20_000; count += 1) share.begin('broken');
    const waiting = start('broken', rests, HELD_BACK_HEARTBEAT_TIMEOUT_MS);
    const pressing = start('broken', rests, HEARTBEAT_TIMEOUT_MS);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(waiting.beats.length).toBeGreaterThanOrEqual(30);
    expect(waiting.beats.length).toBeLessThanOrEqual(40);
    expect(pressing.beats.length).toBeGreaterThanOrEqual(119);
    expect(pressing.beats.length).toBeLessThanOrEqual(160);
  });

  it('heartbeats no more once the activity has ended, though something in it rests on', async () => {
    const { beats, cancel, end } = start('ns', () =>
      untilCancelled(resting(new Promise((resolve) => setTimeout(resolve, 5_000)))),
    );
    await vi.advanceTimersByTimeAsync(1_000);
    cancel();
    await expect(end).rejects.toBeInstanceOf(CancelledFailure);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

function longestGap(beats: readonly number[]): number {
  return Math.max(...beats.map((ms, index) => ms - (beats[index - 1] ?? 0)));
}
