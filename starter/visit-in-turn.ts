import type { ObjectKey } from '../domain/node/node-ref.ts';
import { keyOf } from '../domain/node/node-ref.ts';

/**
 * Visits each object once in so many seconds, spread evenly over them, so that a fleet is no burst.
 *
 * @returns a function that stops the visits
 */
export function startVisitingInTurn(
  everySeconds: number,
  all: () => Iterable<{ readonly metadata: ObjectKey }>,
  visit: (key: ObjectKey) => void,
): () => void {
  let second = 0;
  const timer = setInterval(() => {
    second += 1;
    for (const { metadata } of all()) {
      if (slotOf(keyOf(metadata), everySeconds) === second % everySeconds) visit(metadata);
    }
  }, 1_000);
  return () => clearInterval(timer);
}

/** FNV-1a, because it is computed for every object each second. */
function slotOf(key: string, slots: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % slots;
}
