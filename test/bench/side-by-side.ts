import { untilRunsClosed } from './bench-runs.ts';
import { openByHand } from './by-hand.ts';
import type { CpuSeconds } from './cpu-seconds.ts';
import { cpuPerRoll } from './cpu-seconds.ts';
import type { UpdateTimes } from './node-fleet.ts';
import type { Spread } from './spread.ts';
import { spreadOf, timed } from './spread.ts';
import type { OperatedFleet } from './start-again.ts';
import { startAgain } from './start-again.ts';
import type { Turn, TurnLength } from './turn.ts';
import { turnOf } from './turn.ts';

/** Updates of the very same nodes by the operator and by hand. */
export interface Comparison {
  /** The number that were updated at once. */
  readonly nodes: number;
  readonly floor: Spread;
  readonly ours: Spread;
  /** Until the last image is on status. */
  readonly stamped: Spread;
  /** For each roll. */
  readonly cpu: { readonly floor: CpuSeconds; readonly ours: CpuSeconds };
}

/** By hand and ours in turns, so that anything else that the machine does meanwhile hits both. */
const TURNS = 2;

const WARM_UPS = { ofOne: 5, ofAFleet: 1 };

let images = 0;

/**
 * Measures the fleet's updates by hand, while no operator runs, and by the operator, which runs before and after.
 *
 * @param options.rounds the least number of updates of each kind that count
 */
export async function compare(
  compared: OperatedFleet,
  { nodes, rounds }: { readonly nodes: number; readonly rounds: number },
): Promise<Comparison> {
  const { bed, operator, fleet } = compared;
  await fleet.growTo(nodes);
  await untilRunsClosed(bed);
  const perTurn = {
    warmUps: nodes === 1 ? WARM_UPS.ofOne : WARM_UPS.ofAFleet,
    rounds: Math.ceil(rounds / TURNS),
  };
  const floor: Turn<number>[] = [];
  const ours: Turn<UpdateTimes>[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    await operator.stop();
    floor.push(await turnByHand(compared, perTurn));
    await startAgain(compared);
    ours.push(await turnOf(bed, perTurn, () => updateOnce(compared)));
  }
  const times = ours.flatMap(({ values }) => values);
  const cpuOf = (turns: readonly Turn<unknown>[]): CpuSeconds =>
    cpuPerRoll(
      turns.map(({ cpu }) => cpu),
      TURNS * perTurn.rounds * nodes,
    );
  return {
    nodes,
    floor: spreadOf(floor.flatMap(({ values }) => values)),
    ours: spreadOf(times.map(({ complete }) => complete)),
    stamped: spreadOf(times.map(({ stamped }) => stamped)),
    cpu: { floor: cpuOf(floor), ours: cpuOf(ours) },
  };
}

/** The time ends when all are complete; the processors work a moment longer, until the runs have closed. */
async function updateOnce({ bed, fleet }: OperatedFleet): Promise<UpdateTimes> {
  images += 1;
  const times = await fleet.update(`ghcr.io/sei-protocol/sei:bench-${images}`);
  await untilRunsClosed(bed);
  return times;
}

/** Ends with the images that the operator wants. */
async function turnByHand(
  { bed, fleet }: OperatedFleet,
  length: TurnLength,
): Promise<Turn<number>> {
  const hand = await openByHand(bed);
  try {
    const turn = await turnOf(bed, length, () => {
      images += 1;
      const image = `ghcr.io/sei-protocol/sei:bench-${images}`;
      return timed(() => hand.update(fleet.names(), image));
    });
    await hand.update(fleet.names(), fleet.image());
    return turn;
  } finally {
    await hand.close();
  }
}
