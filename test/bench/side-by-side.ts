import type { BenchFleet } from './bench-fleet.ts';
import type { Spread } from './spread.ts';
import { spreadOf, timed } from './spread.ts';

export interface Comparison {
  /** The number that were updated at once. */
  readonly nodes: number;
  readonly floor: Spread;
  readonly ours: Spread;
}

/**
 * Measures both fleets in turns, so that anything else that the machine does hits both alike. The first turn of each
 * does not count: it pays for what happens only once.
 */
export async function compare(
  fleets: { readonly floor: BenchFleet; readonly ours: BenchFleet },
  { nodes, rounds }: { readonly nodes: number; readonly rounds: number },
): Promise<Comparison> {
  await Promise.all([fleets.floor.growTo(nodes), fleets.ours.growTo(nodes)]);
  const floor: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const image = `ghcr.io/sei-protocol/sei:bench-${nodes}-${round}`;
    const floorMs = await timed(() => fleets.floor.update(image));
    const oursMs = await timed(() => fleets.ours.update(image));
    if (round === 0) continue;
    floor.push(floorMs);
    ours.push(oursMs);
  }
  return { nodes, floor: spreadOf(floor), ours: spreadOf(ours) };
}
