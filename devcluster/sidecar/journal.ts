import type { SidecarCall } from './sidecar-call.ts';

/** One request that reached the sidecar of a node. */
export interface JournalEntry {
  /** When it arrived, RFC 3339. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** The Host header: the name by which the caller knows the node. */
  readonly host: string;
  /** The header of that name: the bearer token that came with the request. */
  readonly authorization?: string;
  /** The call, with the id, type and parameters of the task. */
  readonly call: SidecarCall;
  /** The pod that had the address of the connection. */
  readonly podUid: string;
  /** The status of the answer, or what was done in place of an answer. */
  readonly outcome: number | 'hang' | 'reset';
}

/** Half a day of probes every 30 s: enough for every test, and a bound for a cluster that stays up. */
const MAX_ENTRIES = 1500;

/** Records the requests to each node's sidecar, oldest first. */
export class Journal {
  readonly #entries = new Map<string, JournalEntry[]>();

  /** @param node `namespace/name` */
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
