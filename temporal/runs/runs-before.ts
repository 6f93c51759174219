import { keyOf } from '../../domain/node/node-ref.ts';
import { FORGET_AFTER_SECONDS } from '../../domain/work/pace.ts';
import type { RunObject } from './run-kind.ts';

interface Entry {
  readonly runId: string;
  readonly runs: number;
  /** The time of the run's first signal. Milliseconds since the epoch. */
  readonly atMs: number;
}

/** One object with more different work than this is no disagreement about any of it. */
const MOST_WORK = 10;

/**
 * Counts the runs that were started for the very same work on an object. A run that closes takes its memory along, so
 * without this a watcher and a worker that disagree would make a run at each resync for ever.
 */
export class RunsBefore {
  readonly #now: () => number;
  /** By object; a changed spec is another object. */
  readonly #objects = new Map<
    string,
    { readonly spec: string; readonly work: Map<string, Entry> }
  >();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  of(object: RunObject, work: string): number {
    const entry = this.#workOf(object).get(work);
    return entry !== undefined && this.#isRecent(entry) ? entry.runs : 0;
  }

  add(object: RunObject, work: string, runId: string): void {
    const known = this.#workOf(object);
    const entry = known.get(work);
    if (entry?.runId === runId) return;
    const runs = this.of(object, work) + 1;
    known.delete(work);
    known.set(work, { runId, runs, atMs: this.#now() });
    const [oldest] = known.keys();
    if (known.size > MOST_WORK && oldest !== undefined) known.delete(oldest);
  }

  /** Drops objects whose entries are all old: nobody asks for those of objects that are gone. */
  #forgetOld(): void {
    for (const [key, { work }] of this.#objects) {
      if (![...work.values()].some((entry) => this.#isRecent(entry))) this.#objects.delete(key);
    }
  }

  #isRecent({ atMs }: Entry): boolean {
    return this.#now() - atMs <= FORGET_AFTER_SECONDS * 1_000;
  }

  #workOf({ metadata }: RunObject): Map<string, Entry> {
    const key = keyOf(metadata);
    const spec = `${metadata.uid} ${metadata.generation}`;
    const known = this.#objects.get(key);
    if (known?.spec === spec) return known.work;
    this.#forgetOld();
    const work = new Map<string, Entry>();
    this.#objects.set(key, { spec, work });
    return work;
  }
}
