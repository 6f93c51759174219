import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { Fault } from './fault.ts';
import type { JournalEntry } from './journal.ts';
import type { NodeState } from './node-state.ts';

/** The simulator is on the same machine and answers from memory. */
const TIMEOUT_MS = 5_000;

/** Breaks the sidecars of a devcluster, and returns the requests that reached them. For tests. */
export class SidecarAdmin {
  readonly #url: string;

  /** @param url the address that the simulator printed when it was ready */
  constructor(url: string) {
    this.#url = url;
  }

  async state(node: ObjectKey): Promise<NodeState> {
    return (await this.#call('GET', node, '')) as NodeState;
  }

  /**
   * Replaces the node's faults; without any, the sidecar is sound again. A fault belongs to the node, so it may be set
   * before there is a pod, and a replaced pod has it too.
   */
  async setFaults(node: ObjectKey, ...faults: readonly Fault[]): Promise<void> {
    await this.#call('PUT', node, '/faults', faults);
  }

  /** Restarts the sidecar within its pod. @throws {Error} when no sidecar runs */
  async restart(node: ObjectKey): Promise<void> {
    await this.#call('POST', node, '/restart');
  }

  /** Lists the requests that reached the node's sidecar, oldest first. */
  async journal(node: ObjectKey): Promise<readonly JournalEntry[]> {
    return (await this.#call('GET', node, '/journal')) as readonly JournalEntry[];
  }

  async clearJournal(node: ObjectKey): Promise<void> {
    await this.#call('DELETE', node, '/journal');
  }

  async #call(method: string, node: ObjectKey, resource: string, body?: unknown): Promise<unknown> {
    const path = `/nodes/${node.namespace}/${node.name}${resource}`;
    const response = await fetch(this.#url + path, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}
