import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { keyOf } from '../../domain/node/node-ref.ts';

/**
 * Calls listeners after changes, of every node or of one. A change costs a call per listener to every node, and per
 * listener to its own node, however many listen to others.
 */
export class ChangeListeners {
  readonly #ofEveryNode = new Set<(node: ObjectKey) => void>();
  /** Keyed by node. No set is empty. */
  readonly #byNode = new Map<string, Set<() => void>>();
  readonly #onThrow: (error: unknown) => void;

  /** @param onThrow receives the error of a listener; the other listeners are still called, unless it throws too */
  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow;
  }

  /**
   * Returns a function that ends the subscription: the listener is not called again, not even for the change under way.
   */
  subscribe(listener: (node: ObjectKey) => void): () => void {
    this.#ofEveryNode.add(listener);
    return () => this.#ofEveryNode.delete(listener);
  }

  /** Does the same for the changes of one node. */
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
