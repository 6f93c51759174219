import { assertNever } from '../assert-never.ts';
import type { HistoryEntry, UpdateOutcome } from './sei-node-status.ts';

/** Enough to see a bad week; more would weigh on every read of the node. */
const HISTORY_LIMIT = 10;
/** Keeps at least so many entries about people who steered the node. */
const STEERED_LIMIT = 4;

/**
 * Returns the history with an entry in front. An entry of the same start replaces its earlier version, so
 * that a write that runs twice leaves one entry. So does the next failure of the same update, which is
 * retried as long as it takes: ten entries of it would push out those that a rollback needs.
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

/**
 * Drops the oldest entries beyond the limit: those about steering first, since a rollback needs the ends of updates.
 */
function limited(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  if (entries.length <= HISTORY_LIMIT) return entries;
  const steered = entries.filter(({ outcome }) => !isEndOfUpdate(outcome));
  const oldest =
    steered.length > STEERED_LIMIT
      ? steered.at(-1)
      : entries.findLast(({ outcome }) => isEndOfUpdate(outcome));
  return limited(entries.filter((entry) => entry !== oldest));
}

/** Returns whether the entry is about an update that has ended, rather than about somebody who steered one. */
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
