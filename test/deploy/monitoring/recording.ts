import { stringify } from 'yaml';

import type { Series } from '../../metrics/exposition.ts';
import { parseExposition } from '../../metrics/exposition.ts';

export const SCRAPE_SECONDS = 15;

/** When something begins in the recorded run, as the number of the scrape that first shows it. */
export const RECORDED_AT = {
  trouble: 4,
  unauthorized: 24,
  noWorker: 32,
  noTemporal: 42,
  noWatcher: 54,
} as const;

/** The last scrape. */
export const ENDS_AT = 60;

/** What of the scrapes is kept: no rule asks for anything else, and the file would be three times as long. */
const KEPT = /^seinode_(?!.*_bucket$)/;

/** The series of a recording as a promtool test takes them: one value for each scrape, `_` for none. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** @param scrapes the expositions of the processes that answered, for each scrape in turn */
export function recordingFrom(scrapes: readonly (readonly string[])[]): string {
  const values = new Map<string, (number | undefined)[]>();
  for (const [index, texts] of scrapes.entries()) {
    for (const series of texts.flatMap(parseExposition)) {
      if (!KEPT.test(series.name)) continue;
      const name = seriesText(series);
      const known = values.get(name) ?? [];
      known[index] = series.value;
      values.set(name, known);
    }
  }
  const input: InputSeries[] = [...values]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([series, known]) => ({
      series,
      values: scrapes.map((_, index) => valueAt(known, index)).join(' '),
    }));
  return stringify(input, { lineWidth: 0 });
}

function seriesText({ name, labels }: Series): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return `${name}{${pairs.join(',')}}`;
}

/** A series that a scrape does not have any more is marked as stale, as Prometheus does. */
function valueAt(values: readonly (number | undefined)[], index: number): string {
  const value = values[index];
  // A millisecond is more than any rule looks at.
  if (value !== undefined) return String(Math.round(value * 1_000) / 1_000);
  return values[index - 1] === undefined ? '_' : 'stale';
}
