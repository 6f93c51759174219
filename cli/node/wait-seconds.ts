import type { SeiNode } from '../../domain/node/sei-node.ts';
import { DEFAULT_DEADLINE_SECONDS } from '../../domain/work/progress-deadline.ts';

/**
 * For how long a roll is waited for where nobody says. The old pod may take all of its grace, and only then
 * does the way of the new one begin.
 */
export function waitSeconds({ spec }: Pick<SeiNode, 'spec'>): number {
  return DEFAULT_DEADLINE_SECONDS + (spec.terminationGracePeriodSeconds ?? 0);
}
