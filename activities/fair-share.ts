/**
 * What one process may do so often at most, shared by the Kubernetes namespaces alike: thousands of broken nodes in
 * one make their own turns rarer, and not those of another.
 */
export class FairShare {
  readonly #perSecond: number;
  /** How many take turns, by namespace. None is zero. */
  readonly #takers = new Map<string, number>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Takes part from now on; returns what ends that. */
  begin(namespace: string): () => void {
    this.#takers.set(namespace, this.#of(namespace) + 1);
    return () => {
      const left = this.#of(namespace) - 1;
      if (left === 0) this.#takers.delete(namespace);
      else this.#takers.set(namespace, left);
    };
  }

  /**
   * From one turn to the next of each in the namespace, in milliseconds.
   *
   * @param atLeastMs what it takes while there are few
   * @param atMostMs what nobody waits longer for, though the process then does it more often
   * @param random from 0 to 1: those that began together do not go on together
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
