import { parseArgs } from 'node:util';

/**
 * The parts of a measurement: latencies and processors beside the floor, bring-up beside its floor, requests and
 * connections, memory, fairness, a large fleet, and many nodes at rest.
 */
const PARTS = [
  'latency',
  'bring-up',
  'footprint',
  'foreign',
  'broken',
  'scale',
  'resting',
] as const;
export type Part = (typeof PARTS)[number];

/** The last two take longer than all other parts: they are measured only if somebody asks. */
const BY_DEFAULT = PARTS.filter((part) => part !== 'scale' && part !== 'resting');

export interface BenchOptions {
  readonly parts: readonly Part[];
  /** Sizes of the fleets that are updated at once, smallest first. */
  readonly nodes: readonly number[];
  /** The repetitions of each measurement; fleets of more than one node have a fifth as many. */
  readonly rounds: number;
  /** The number of broken nodes of another namespace. */
  readonly broken: number;
  /** The number of nodes of a large fleet. */
  readonly scale: number;
  /** The number of nodes that need nothing. */
  readonly resting: number;
}

const USAGE = `usage: npm run bench -- [--nodes 1,20,100] [--rounds 20] [--broken 2000] [--scale 1000] [--resting 10000] [--only ${PARTS.join(',')}]`;

/** @throws with the usage when an option is unknown, no positive number or no part */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nodes: { type: 'string', default: '1,20,100' },
      rounds: { type: 'string', default: '20' },
      broken: { type: 'string', default: '2000' },
      scale: { type: 'string', default: '1000' },
      resting: { type: 'string', default: '10000' },
      only: { type: 'string', default: BY_DEFAULT.join(',') },
    },
  });
  const nodes = values.nodes.split(',').map((size) => positive('--nodes', size));
  return {
    parts: values.only.split(',').map(part),
    nodes: nodes.toSorted((a, b) => a - b),
    rounds: positive('--rounds', values.rounds),
    broken: positive('--broken', values.broken),
    scale: positive('--scale', values.scale),
    resting: positive('--resting', values.resting),
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
