import type { SeiNode } from '../../domain/node/sei-node.ts';
import { DEFAULT_DEADLINE_SECONDS } from '../../domain/work/progress-deadline.ts';

/**
 * Returns the default time to wait for a roll. The old pod may take all of its grace before the new one even starts.
 */
export function waitSeconds({ spec }: Pick<SeiNode, 'spec'>): number {
  return DEFAULT_DEADLINE_SECONDS + (spec.terminationGracePeriodSeconds ?? 0);
}
