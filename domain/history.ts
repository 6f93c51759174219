import type { HistoryEntry } from './sei-node.ts';

/** Enough to see a bad week; more would weigh on every read of the node. */
const HISTORY_LIMIT = 10;

/**
 * The history with an entry in front. An entry of the same start replaces its earlier self, so that
 * a write that runs twice leaves one entry.
 */
export function withHistoryEntry(
  history: readonly HistoryEntry[] | undefined,
  entry: HistoryEntry,
): readonly HistoryEntry[] {
  const others = (history ?? []).filter(
    (other) => other.startedAt !== entry.startedAt || other.to !== entry.to,
  );
  return [entry, ...others].slice(0, HISTORY_LIMIT);
}
