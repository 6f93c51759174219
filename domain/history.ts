import type { HistoryEntry } from './sei-node.ts';

/** Enough to see a bad week; more would weigh on every read of the node. */
const HISTORY_LIMIT = 10;

/**
 * The history with an entry in front. An entry of the same start replaces its earlier self, so that
 * a write that runs twice leaves one entry; so does the next failure of the same update, which is
 * tried again for as long as it takes: ten lines of it would push out what a rollback goes back to.
 */
export function withHistoryEntry(
  history: readonly HistoryEntry[] | undefined,
  entry: HistoryEntry,
): readonly HistoryEntry[] {
  const [newest, ...older] = history ?? [];
  const isRepetition =
    entry.outcome === 'Failed' &&
    newest?.outcome === 'Failed' &&
    newest.from === entry.from &&
    newest.to === entry.to;
  const others = (isRepetition ? older : (history ?? [])).filter(
    (other) => other.startedAt !== entry.startedAt || other.to !== entry.to,
  );
  const added = isRepetition ? { ...entry, startedAt: newest.startedAt } : entry;
  return [added, ...others].slice(0, HISTORY_LIMIT);
}
