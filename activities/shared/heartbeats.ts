import type { Context } from '@temporalio/activity';

import { HEARTBEAT_TIMEOUT_MS } from '../../domain/run/time-limits.ts';
import { FairShare } from './fair-share.ts';

/** Often enough for a cancellation, which arrives in the answer to a heartbeat, to arrive in time. */
const HEARTBEAT_MS = 1_000;

/** A fraction of the time-out: two heartbeats may be late or lost before the server gives up on the worker. */
const LONGEST = 1 / 3;

/**
 * Each heartbeat is a write to the database of Temporal. At 100 a second, those of 300 stalled nodes took most of a dev
 * server's 1.6 cores (measured). There are more only where so many wait that none may be rarer: one each per third of
 * the time-out.
 */
const A_SECOND = 20;

/** Bounds the heartbeats of all waits in one process. */
export function createHeartbeatShare(): FairShare {
  return new FairShare(A_SECOND);
}

/** The heartbeats of one attempt at an activity, from its beginning to its end. */
export class Heartbeats {
  readonly #context: Context;
  readonly #share: FairShare;
  readonly #namespace: string;
  #describe: () => string | undefined = () => undefined;
  #said: string | undefined;
  #lastMs = performance.now();
  #isResting = false;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: Context, share: FairShare, namespace: string) {
    this.#context = context;
    this.#share = share;
    this.#namespace = namespace;
    this.#arm();
  }

  /** Sends it now, unless the last heartbeat did, and in each heartbeat from now on. */
  say(describe: () => string): void {
    this.#describe = describe;
    if (describe() !== this.#said) this.#beat();
  }

  /**
   * Allows rarer heartbeats while the attempt asks nothing of anybody. A write may follow, so a heartbeat of the usual
   * age precedes it.
   */
  async rest<T>(wait: Promise<T>): Promise<T> {
    const end = this.#share.begin(this.#namespace);
    this.#isResting = true;
    this.#arm();
    try {
      return await wait;
    } finally {
      end();
      this.#isResting = false;
      if (performance.now() - this.#lastMs > HEARTBEAT_MS) this.#beat();
      else this.#arm();
    }
  }

  /** Stops the heartbeats, even of a wait that hangs after its cancellation. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  #beat(): void {
    if (this.#hasEnded) return;
    this.#lastMs = performance.now();
    this.#said = this.#describe();
    this.#context.heartbeat(this.#said);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#hasEnded) return;
    const dueMs = this.#lastMs + this.#intervalMs();
    this.#timer = setTimeout(() => this.#beat(), Math.max(dueMs - performance.now(), 0));
  }

  #intervalMs(): number {
    if (!this.#isResting) return HEARTBEAT_MS;
    const { heartbeatTimeoutMs = HEARTBEAT_TIMEOUT_MS } = this.#context.info;
    const longestMs = heartbeatTimeoutMs * LONGEST;
    return this.#share.intervalMs(this.#namespace, HEARTBEAT_MS, longestMs, Math.random());
  }
}
