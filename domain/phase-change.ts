import type { Phase, SeiNodeStatus } from './sei-node-status.ts';

/** The node's phase, and since when: that it stays the same is no transition. */
export function phaseChange(
  before: SeiNodeStatus,
  phase: Phase,
  now: string,
): Pick<SeiNodeStatus, 'phase' | 'phaseTransitionTime'> {
  return before.phase === phase ? { phase } : { phase, phaseTransitionTime: now };
}
