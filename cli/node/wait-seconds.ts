import type { SeiNode } from '../../domain/sei-node.ts';

/** The progress deadline of a node whose spec names none. */
const WAIT_SECONDS = 600;

/**
 * For how long a roll is waited for where nobody says. The old pod may take all of its grace, and only then
 * does the way of the new one begin.
 */
export function waitSeconds({ spec }: Pick<SeiNode, 'spec'>): number {
  return WAIT_SECONDS + (spec.terminationGracePeriodSeconds ?? 0);
}
