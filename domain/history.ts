import { assertNever } from './assert-never.ts';
import type { HistoryEntry, UpdateOutcome } from './sei-node-status.ts';

/** Enough to see a bad week; more would weigh on every read of the node. */
const HISTORY_LIMIT = 10;
/** So many lines of who steered the node are kept at least. */
const STEERED_LIMIT = 4;

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
  return limited([added, ...others]);
}

/** Drops the oldest beyond the limit: of what was steered first, since a rollback goes by the ends of updates. */
function limited(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  if (entries.length <= HISTORY_LIMIT) return entries;
  const steered = entries.filter(({ outcome }) => !isEndOfUpdate(outcome));
  const oldest =
    steered.length > STEERED_LIMIT
      ? steered.at(-1)
      : entries.findLast(({ outcome }) => isEndOfUpdate(outcome));
  return limited(entries.filter((entry) => entry !== oldest));
}

/** Whether the entry is of an update that has ended, not of somebody who steered one. */
export function isEndOfUpdate(outcome: UpdateOutcome): boolean {
  switch (outcome) {
    case 'Complete':
    case 'Failed':
    case 'Superseded':
      return true;
    case 'RolledBack':
    case 'Retried':
    case 'Held':
    case 'Resumed':
      return false;
    default:
      return assertNever(outcome);
  }
}
