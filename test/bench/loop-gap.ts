import { scrape } from '../metrics/scrape.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** The longest time for which the loop of a process was busy, since the last scrape. */
const GAP = 'nodejs_eventloop_lag_max_seconds';

/**
 * Reads the longest time, in milliseconds, for which the watcher of a testbed has looked at nothing else since somebody
 * last read it. The watcher was started with `ANY_PORT`.
 */
export async function readLoopGap(bed: Testbed): Promise<number> {
  const watcher = bed.processes().find((each) => each.role === 'watcher' && !each.hasEnded());
  if (watcher === undefined) throw new Error('no watcher runs');
  const gap = (await scrape(watcher)).find(({ name }) => name === GAP);
  if (gap === undefined) throw new Error(`the watcher has no metric ${GAP}`);
  return gap.value * 1_000;
}
