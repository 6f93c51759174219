/**
 * A waiting list with one line for each namespace. It serves the lines in turn, so that thousands of nodes
 * of one namespace delay a node of another by one turn only.
 */
export class FairLines<T> {
  /** By namespace, in the order of their turns; each by key, in the order of arrival. No line is empty. */
  readonly #lines = new Map<string, Map<string, T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(namespace: string, key: string): boolean {
    return this.#lines.get(namespace)?.has(key) ?? false;
  }

  /** Adds an entry. One that waits already keeps its place, with the newer value. */
  add(namespace: string, key: string, value: T): void {
    const line = this.#lines.get(namespace) ?? new Map<string, T>();
    this.#lines.set(namespace, line);
    if (!line.has(key)) this.#size += 1;
    line.set(key, value);
  }

  /**
   * Takes out the next entry.
   *
   * @param mayGo by key; an entry that may not go keeps its place.
   * @returns undefined if no waiting entry may go.
   */
  next(mayGo: (key: string) => boolean = () => true): readonly [key: string, value: T] | undefined {
    for (const [namespace, line] of this.#lines) {
      for (const entry of line) {
        const [key] = entry;
        if (!mayGo(key)) continue;
        this.remove(namespace, key);
        this.#lines.delete(namespace);
        // Goes behind all the others.
        if (line.size > 0) this.#lines.set(namespace, line);
        return entry;
      }
    }
    return undefined;
  }

  /** Takes out an entry, if it waits. */
  remove(namespace: string, key: string): void {
    const line = this.#lines.get(namespace);
    if (line?.delete(key) !== true) return;
    this.#size -= 1;
    if (line.size === 0) this.#lines.delete(namespace);
  }

  clear(): void {
    this.#lines.clear();
    this.#size = 0;
  }
}
