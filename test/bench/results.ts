import { cpus } from 'node:os';

import type { BesideBroken } from './beside-broken.ts';
import type { BesideForeign } from './beside-foreign.ts';
import type { Footprint } from './footprint.ts';
import type { BenchOptions } from './options.ts';
import type { ProcessValues } from './process-memory.ts';
import type { Comparison } from './side-by-side.ts';

/** Everything that a run of the benchmark has found, as in bench-results.json. */
export interface BenchResults {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  readonly options: BenchOptions;
  /** Undefined where the options leave it out, as is each of the others. */
  readonly latency: Latency | undefined;
  readonly footprint: Footprint | undefined;
  readonly besideForeign: BesideForeign | undefined;
  readonly besideBroken: BesideBroken | undefined;
}

export interface Latency {
  readonly comparisons: readonly Comparison[];
  /** Bytes in memory after the largest fleet was updated. */
  readonly residentBytes: ProcessValues;
}

/** Describes the machine that the numbers are of. */
export function thisMachine(): BenchResults['machine'] {
  const cores = cpus();
  return { cpu: cores[0]?.model ?? 'unknown', cores: cores.length, node: process.version };
}
