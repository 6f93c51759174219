import type { Testbed } from '../support/testbed/testbed.ts';
import { AS_SHIPPED } from './as-shipped.ts';

/** The worker and the watcher of a testbed, one of each. */
export interface BenchOperator {
  /** Resolves once both say that they serve. */
  start(): Promise<void>;
  /** Resolves once both have ended, as they end in a cluster: nobody watches any more. */
  stop(): Promise<void>;
}

/** @param env of both, beside what they are shipped with */
export function createBenchOperator(
  bed: Testbed,
  env: Readonly<Record<string, string>> = {},
): BenchOperator {
  return {
    start: async () => {
      const all = { ...AS_SHIPPED, ...env };
      await Promise.all([bed.start('worker', all), bed.start('watcher', all)]);
    },
    stop: async () => {
      await Promise.all(bed.processes().map((each) => each.stop('SIGTERM')));
    },
  };
}
