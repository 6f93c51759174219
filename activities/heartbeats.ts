import type { Context } from '@temporalio/activity';

import { HEARTBEAT_TIMEOUT_MS } from '../domain/time-limits.ts';
import { FairShare } from './fair-share.ts';

/** Often enough for a cancellation, which travels in the heartbeat's answer, to arrive in time. */
const HEARTBEAT_MS = 1_000;

/** Of the time-out: two heartbeats may be late or lost before the server gives up on the worker. */
const LONGEST = 1 / 3;

/**
 * Each is a write to Temporal's database, and costs a dev server some two milliseconds of a core (measured). Beyond
 * that there are more only where so many rest that none may be rarer: one each for a third of its time-out.
 */
const A_SECOND = 100;

/** The heartbeats of all that rest in one process. */
export function heartbeatShare(): FairShare {
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

  /** Says it now, unless the last heartbeat has said the same, and in each heartbeat from now on. */
  say(describe: () => string): void {
    this.#describe = describe;
    if (describe() !== this.#said) this.#beat();
  }

  /**
   * While nothing is asked of anybody, heartbeats may be rarer. What follows may be a write, so that a heartbeat
   * goes before it which is no older than ever.
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

  /** What rests still, as one does that hangs after its cancellation, heartbeats no more. */
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
