import { parseArgs } from 'node:util';

/** The parts of a measurement: latencies beside the floor, requests and connections, memory, fairness. */
const PARTS = ['latency', 'footprint', 'foreign', 'broken'] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  /** Sizes of the fleets that are updated at once, smallest first. */
  readonly nodes: readonly number[];
  /** The repetitions of each measurement; fleets of more than one node have a fifth as many. */
  readonly rounds: number;
  /** The number of broken nodes of another namespace. */
  readonly broken: number;
}

const USAGE =
  'usage: npm run bench -- [--nodes 1,20,100] [--rounds 20] [--broken 2000] [--only latency,footprint,foreign,broken]';

/** @throws with the usage when an option is unknown, no positive number or no part */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nodes: { type: 'string', default: '1,20,100' },
      rounds: { type: 'string', default: '20' },
      broken: { type: 'string', default: '2000' },
      only: { type: 'string', default: PARTS.join(',') },
    },
  });
  const nodes = values.nodes.split(',').map((size) => positive('--nodes', size));
  return {
    parts: values.only.split(',').map(part),
    nodes: nodes.toSorted((a, b) => a - b),
    rounds: positive('--rounds', values.rounds),
    broken: positive('--broken', values.broken),
  };
}

function part(text: string): Part {
  const known = PARTS.find((each) => each === text);
  if (known !== undefined) return known;
  throw new Error(`--only takes ${PARTS.join(', ')}, not "${text}"; ${USAGE}`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${option} takes positive whole numbers, not "${text}"; ${USAGE}`);
}
