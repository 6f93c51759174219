import type { Context } from '@temporalio/activity';

import { HEARTBEAT_TIMEOUT_MS } from '../domain/time-limits.ts';
import type { HeartbeatPace } from './heartbeat-pace.ts';
import { HEARTBEAT_MS } from './heartbeat-pace.ts';

/** The heartbeats of one attempt at an activity, from its beginning to its end. */
export class Heartbeats {
  readonly #context: Context;
  readonly #pace: HeartbeatPace;
  readonly #namespace: string;
  #describe: () => string | undefined = () => undefined;
  #lastMs = performance.now();
  #isResting = false;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: Context, pace: HeartbeatPace, namespace: string) {
    this.#context = context;
    this.#pace = pace;
    this.#namespace = namespace;
    this.#arm();
  }

  /** Says it now, and in each heartbeat from now on. */
  say(describe: () => string): void {
    this.#describe = describe;
    this.#beat();
  }

  /**
   * While nothing is asked of anybody, heartbeats may be rarer. What follows may be a write, so that a heartbeat
   * goes before it which is no older than ever.
   */
  async rest<T>(wait: Promise<T>): Promise<T> {
    const end = this.#pace.begin(this.#namespace);
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
    this.#context.heartbeat(this.#describe());
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
    return this.#pace.intervalMs(this.#namespace, heartbeatTimeoutMs, Math.random());
  }
}
