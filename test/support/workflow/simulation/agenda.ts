interface Entry {
  readonly at: number;
  readonly act: () => void;
  withdrawn: boolean;
}

/** Takes an entry off the agenda again. */
export type Withdraw = () => void;

/** Keeps virtual time, and the entries due at each moment of it: in the order of time, then of entry. */
export class Agenda {
  #now: number;
  /** Sorted; the next entry is the last one. */
  readonly #entries: Entry[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  after(milliseconds: number, act: () => void): Withdraw {
    const entry: Entry = { at: this.#now + Math.max(0, milliseconds), act, withdrawn: false };
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.at ?? 0) > entry.at) low = middle + 1;
      else high = middle;
    }
    // Puts it before the entries of the same moment: they are taken from the end.
    this.#entries.splice(low, 0, entry);
    return () => {
      entry.withdrawn = true;
    };
  }

  /** Moves on to the next entry, and takes it, unless it lies beyond `limit`. */
  takeNext(limit: number): (() => void) | undefined {
    for (;;) {
      const next = this.#entries.at(-1);
      if (next === undefined || next.at > limit) return undefined;
      this.#entries.pop();
      if (next.withdrawn) continue;
      this.moveTo(next.at);
      return next.act;
    }
  }

  /** Moves the clock; an earlier entry that was not taken yet is taken late. */
  moveTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }
}
