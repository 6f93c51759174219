import type { ObjectKey } from '../../domain/node-ref.ts';
import { keyOf } from '../../domain/node-ref.ts';

/**
 * Who wants to hear of changes: of every node, or of one. A change costs a call for each of the first, and for
 * those that wait for its own node, however many wait for others.
 */
export class ChangeListeners {
  readonly #ofEveryNode = new Set<(node: ObjectKey) => void>();
  /** By the node's key. None is empty. */
  readonly #byNode = new Map<string, Set<() => void>>();
  readonly #onThrow: (error: unknown) => void;

  /** @param onThrow is told what a listener throws; the others are called all the same, unless it throws too */
  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow;
  }

  /** Returns what ends the subscription: the listener is not called again, not even for the change under way. */
  subscribe(listener: (node: ObjectKey) => void): () => void {
    this.#ofEveryNode.add(listener);
    return () => this.#ofEveryNode.delete(listener);
  }

  /** The same, for the changes of one node. */
  subscribeTo(node: ObjectKey, listener: () => void): () => void {
    const key = keyOf(node);
    const listeners = this.#byNode.get(key) ?? new Set<() => void>();
    this.#byNode.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      // Another set may have taken its place.
      if (listeners.size === 0 && this.#byNode.get(key) === listeners) this.#byNode.delete(key);
    };
  }

  notify(node: ObjectKey): void {
    for (const listener of this.#ofEveryNode) this.#call(() => listener(node));
    for (const listener of this.#byNode.get(keyOf(node)) ?? []) this.#call(listener);
  }

  #call(listener: () => void): void {
    try {
      listener();
    } catch (err) {
      this.#onThrow(err);
    }
  }
}
