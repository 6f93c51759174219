/** Often enough for a cancellation, which travels in the heartbeat's answer, to arrive in time. */
export const HEARTBEAT_MS = 1_000;

/** Of the time-out: two heartbeats may be late or lost before the server gives up on the worker. */
const LONGEST = 1 / 3;

/** Each is a write to Temporal's database, and costs its server some two milliseconds of a core (measured). */
const A_SECOND = 100;

/**
 * How often activities heartbeat that wait: each second, until that is more than one process should ask of Temporal.
 * Then each Kubernetes namespace has an equal share, so that thousands of broken nodes in one are slower to hear of
 * a cancellation, and those of another are not.
 */
export class HeartbeatPace {
  /** How many wait, by namespace. None is zero. */
  readonly #waits = new Map<string, number>();

  /** Returns what ends the wait. */
  begin(namespace: string): () => void {
    this.#waits.set(namespace, this.#of(namespace) + 1);
    return () => {
      const left = this.#of(namespace) - 1;
      if (left === 0) this.#waits.delete(namespace);
      else this.#waits.set(namespace, left);
    };
  }

  /**
   * How long after its last heartbeat a wait in the namespace sends the next, in milliseconds.
   *
   * @param timeoutMs after which the server gives up on the worker
   * @param random from 0 to 1: those that began together do not go on together
   */
  intervalMs(namespace: string, timeoutMs: number, random: number): number {
    const share = A_SECOND / this.#waits.size;
    const fairMs = (this.#of(namespace) / share) * 1_000;
    if (fairMs <= HEARTBEAT_MS) return HEARTBEAT_MS;
    return Math.min(fairMs, timeoutMs * LONGEST) * (0.75 + random / 4);
  }

  #of(namespace: string): number {
    return this.#waits.get(namespace) ?? 0;
  }
}
