import type { Fleet } from './fleet.ts';
import type { Sample } from './sample.ts';
import { sampleOf, timed } from './sample.ts';

export interface Comparison {
  /** How many were updated at once. */
  readonly nodes: number;
  readonly floor: Sample;
  readonly ours: Sample;
}

/**
 * Measures both fleets in turns, so that whatever else the machine does hits both alike. The first
 * turn of each is not counted: it pays for what only happens once.
 */
export async function compare(
  fleets: { readonly floor: Fleet; readonly ours: Fleet },
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
  return { nodes, floor: sampleOf(floor), ours: sampleOf(ours) };
}
