import type { Worker } from '@temporalio/worker';
import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Health } from '../../process/health.ts';
import { createHealth } from '../../process/health.ts';
import { runUntilStopped } from '../../worker/run-until-stopped.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';

/** A worker that ends as its test says. */
class FakeWorker {
  state = 'RUNNING';
  /** True when the process was ready at the shutdown of the worker. */
  readyAtShutdown: boolean | undefined;
  end: () => void = () => undefined;
  fail: (err: Error) => void = () => undefined;
  readonly #health: Health;

  constructor(health: Health) {
    this.#health = health;
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
    });
  }

  getState(): string {
    return this.state;
  }

  shutdown(): void {
    this.readyAtShutdown = this.#health.readiness().isReady;
    this.state = 'DRAINING';
  }
}

let health: Health;
let worker: FakeWorker;
let log: ReturnType<typeof recordedLog>;
let stop: () => void;
let running: Promise<void>;

beforeEach(() => {
  health = createHealth();
  worker = new FakeWorker(health);
  log = recordedLog();
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  running = runUntilStopped({
    workers: [worker as unknown as Worker],
    health,
    facts: [],
    stopped,
    onServing: () => log.info('serving'),
    logger: log,
  });
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('runUntilStopped', () => {
  it('is ready while its workers poll', () => {
    expect(log.entries.map(({ message }) => message)).toEqual(['serving']);
    expect(health.readiness()).toEqual({ isReady: true, lines: ['[+]pollers ok'] });
    worker.state = 'FAILED';
    expect(health.readiness().lines).toEqual(['[-]pollers failed: FAILED']);
    worker.end();
  });

  it('becomes unready before its workers stop, and waits for them', async () => {
    let hasEnded = false;
    void running.then(() => (hasEnded = true));
    stop();
    await turn();
    expect(worker.readyAtShutdown).toBe(false);
    expect(health.readiness().lines).toEqual(['[-]serving failed: draining']);
    expect(hasEnded).toBe(false);
    worker.end();
    await running;
  });

  it('ends in order when the grace is over, and logs that work was abandoned', async () => {
    stop();
    await turn();
    worker.fail(new GracefulShutdownPeriodExpiredError('too late'));
    await running;
    expect(log.entries.at(-1)?.message).toBe('work was abandoned at the end of the grace');
  });

  it('rejects with the error that ends a worker unasked', async () => {
    const failure = new Error('the namespace is gone');
    worker.fail(failure);
    await expect(running).rejects.toBe(failure);
  });
});
