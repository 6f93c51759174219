import type { HistoryEntry, UpdateOutcome } from '../../domain/node/sei-node-status.ts';
import { age, duration } from './duration.ts';
import { shortImage } from './image-name.ts';
import { oneLine } from './one-line.ts';
import type { Paint, Palette } from './palette.ts';
import type { Cell } from './table.ts';
import { table } from './table.ts';

/** An entry of `status.history`, with the address of its run. */
export interface PastUpdate extends HistoryEntry {
  /** Undefined when Temporal does not answer, or does not retain the run any more. */
  readonly url: string | undefined;
}

/** Renders what was done to the node, newest first. */
export function historyScreen(
  updates: readonly PastUpdate[],
  { wide, now }: { readonly wide: boolean; readonly now: Date },
  palette: Palette,
): readonly string[] {
  const image = wide ? (text: string) => text || '-' : shortImage;
  const hasUrls = updates.some(({ url }) => url !== undefined);
  const names = ['WHEN', 'OUTCOME', 'FROM', 'TO', 'TOOK', 'ACTOR', 'REASON'];
  const headings = [...names, ...(hasUrls ? ['RUN'] : [])];
  const rows = updates.map((update): readonly Cell[] => {
    const { outcome, from, to, startedAt, endedAt, actor, reason = '', url = '-' } = update;
    return [
      `${age(endedAt, now)} ago`,
      { text: outcome, paint: paintOf(outcome, palette) },
      image(from),
      image(to),
      tookText(startedAt, endedAt),
      actor,
      oneLine(reason) || '-',
      ...(hasUrls ? [url] : []),
    ];
  });
  return table([headings.map((text) => ({ text, paint: palette.dim })), ...rows]);
}

/** Returns `-` for a hold or a rollback, which is an entry of one moment. */
function tookText(startedAt: string, endedAt: string): string {
  return startedAt === endedAt ? '-' : duration(Date.parse(endedAt) - Date.parse(startedAt));
}

function paintOf(outcome: UpdateOutcome, palette: Palette): Paint {
  switch (outcome) {
    case 'Complete':
    case 'Resumed':
      return palette.good;
    case 'Failed':
      return palette.bad;
    case 'Superseded':
    case 'RolledBack':
    case 'Retried':
    case 'Held':
      return palette.warn;
  }
}
