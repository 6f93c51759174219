import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Sizes of the fleets that are updated at once, smallest first. */
  readonly nodes: readonly number[];
  /** How often each measurement is repeated; fleets of more than one node a fifth as often. */
  readonly rounds: number;
}

const USAGE = 'usage: npm run bench -- [--nodes 1,20,100] [--rounds 20]';

/** @throws with the usage when an option is unknown or no positive number */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nodes: { type: 'string', default: '1,20,100' },
      rounds: { type: 'string', default: '20' },
    },
  });
  const nodes = values.nodes.split(',').map((size) => positive('--nodes', size));
  return { nodes: nodes.toSorted((a, b) => a - b), rounds: positive('--rounds', values.rounds) };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${option} takes positive whole numbers, not "${text}"; ${USAGE}`);
}
