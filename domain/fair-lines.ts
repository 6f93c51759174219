/**
 * What waits for its turn: each namespace has a line of its own, and the lines are served in turn, so that
 * thousands of nodes of one namespace keep a node of another waiting for one turn and no more.
 */
export class FairLines<T> {
  /** By namespace, in the order of their turns; each by key, in the order of arrival. None is empty. */
  readonly #lines = new Map<string, Map<string, T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(namespace: string, key: string): boolean {
    return this.#lines.get(namespace)?.has(key) ?? false;
  }

  /** What waits already keeps its place, with the newer value. */
  add(namespace: string, key: string, value: T): void {
    const line = this.#lines.get(namespace) ?? new Map<string, T>();
    this.#lines.set(namespace, line);
    if (!line.has(key)) this.#size += 1;
    line.set(key, value);
  }

  /**
   * Takes out who is next.
   *
   * @param mayGo by key; who may not is passed over, and keeps its place
   * @returns undefined when nobody waits who may go
   */
  next(mayGo: (key: string) => boolean = () => true): readonly [key: string, value: T] | undefined {
    for (const [namespace, line] of this.#lines) {
      for (const entry of line) {
        const [key] = entry;
        if (!mayGo(key)) continue;
        line.delete(key);
        this.#size -= 1;
        this.#lines.delete(namespace);
        // Behind all the others.
        if (line.size > 0) this.#lines.set(namespace, line);
        return entry;
      }
    }
    return undefined;
  }

  clear(): void {
    this.#lines.clear();
    this.#size = 0;
  }
}
