import type { CallName } from './sidecar-call.ts';

/** One request that reached the sidecar of a node. */
export interface JournalEntry {
  /** RFC 3339. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly call: CallName;
  /** The pod that the connection was made to. */
  readonly podUid: string;
  readonly taskId?: string;
  readonly taskType?: string;
  readonly params?: unknown;
  /** The Host header: which name the caller knows the node by. */
  readonly host?: string;
  /** The status of the answer, or what was done instead of answering. */
  readonly outcome: number | 'hang' | 'reset';
}

// Half a day of probes every 30 s: enough for every test, and a bound for a cluster that stays up.
const MAX_ENTRIES = 1500;

/** What was asked of each node's sidecar, oldest first. */
export class Journal {
  readonly #entries = new Map<string, JournalEntry[]>();

  record(node: string, entry: JournalEntry): void {
    const entries = this.#entries.get(node) ?? [];
    entries.push(entry);
    if (entries.length > MAX_ENTRIES) entries.shift();
    this.#entries.set(node, entries);
  }

  of(node: string): readonly JournalEntry[] {
    return this.#entries.get(node) ?? [];
  }

  clear(node: string): void {
    this.#entries.delete(node);
  }
}
