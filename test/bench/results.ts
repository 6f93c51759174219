import { cpus } from 'node:os';

import type { BesideBroken } from './beside-broken.ts';
import type { BesideForeign } from './beside-foreign.ts';
import type { BesideResting } from './beside-resting.ts';
import type { BringUp } from './bring-up.ts';
import type { Footprint } from './footprint.ts';
import type { Latency } from './latency.ts';
import type { BenchOptions } from './options.ts';
import type { Scale } from './scale.ts';

/** Everything that a run of the benchmark has found, as in bench-results.json. */
export interface BenchResults {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  readonly options: BenchOptions;
  /** Undefined where the options leave it out, as is each of the others. */
  readonly latency: Latency | undefined;
  readonly bringUp: readonly BringUp[] | undefined;
  readonly footprint: Footprint | undefined;
  readonly besideForeign: BesideForeign | undefined;
  readonly besideBroken: BesideBroken | undefined;
  readonly scale: Scale | undefined;
  readonly besideResting: BesideResting | undefined;
}

/** Describes the machine that the numbers are of. */
export function thisMachine(): BenchResults['machine'] {
  const cores = cpus();
  return { cpu: cores[0]?.model ?? 'unknown', cores: cores.length, node: process.version };
}
