/**
 * Bounds how often one process does something, by equal shares of the Kubernetes namespaces: thousands of broken nodes
 * in one namespace slow down their own turns, and not those of another.
 */
export class FairShare {
  readonly #perSecond: number;
  /** The number of those that take turns, by namespace. None is zero. */
  readonly #takers = new Map<string, number>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Begins to take turns, and returns a function that ends that. */
  begin(namespace: string): () => void {
    this.#takers.set(namespace, this.#of(namespace) + 1);
    return () => {
      const left = this.#of(namespace) - 1;
      if (left === 0) this.#takers.delete(namespace);
      else this.#takers.set(namespace, left);
    };
  }

  /**
   * Returns the interval between two turns of one taker in the namespace, in milliseconds.
   *
   * @param atLeastMs the interval while there are few takers
   * @param atMostMs the longest interval, even if the process then exceeds its bound
   * @param random from 0 to 1: spreads takers that began together
   */
  intervalMs(namespace: string, atLeastMs: number, atMostMs: number, random: number): number {
    const share = this.#perSecond / Math.max(this.#takers.size, 1);
    const fairMs = (this.#of(namespace) / share) * 1_000;
    if (fairMs <= atLeastMs) return atLeastMs;
    return Math.max(Math.min(fairMs, atMostMs) * (0.75 + random / 4), atLeastMs);
  }

  #of(namespace: string): number {
    return this.#takers.get(namespace) ?? 0;
  }
}
