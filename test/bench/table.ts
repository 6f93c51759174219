import { brokenRows, foreignRows } from './beside-rows.ts';
import { footprintRows } from './footprint-rows.ts';
import { bringUpRow, cpuNotes, latencyRows } from './latency-rows.ts';
import type { BenchResults } from './results.ts';
import type { Row } from './row.ts';
import { restingRows, scaleRows } from './scale-rows.ts';

const HEAD: Row = ['what', 'floor', 'ours', 'must', 'aim', ''];

/** Renders a Markdown table of the results beside their budgets. */
export function tableOf(results: BenchResults): string {
  const { latency, bringUp, footprint, besideForeign, besideBroken, scale, besideResting } =
    results;
  const rows = [
    ...(latency ? latencyRows(latency) : []),
    ...(bringUp ?? []).map(bringUpRow),
    ...(footprint ? footprintRows(footprint) : []),
    ...(besideForeign ? foreignRows(besideForeign) : []),
    ...(besideBroken ? brokenRows(besideBroken) : []),
    ...(scale ? scaleRows(scale) : []),
    ...(besideResting ? restingRows(besideResting) : []),
  ];
  return [HEAD, HEAD.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Lists what stands below the table, a paragraph each. */
export function notesOn({ latency }: BenchResults): readonly string[] {
  return latency ? cpuNotes(latency) : [];
}
