import type { Phase, SeiNodeStatus } from './sei-node-status.ts';

/** Returns the node's phase, and its time of transition if it changes. */
export function phaseChange(
  before: SeiNodeStatus,
  phase: Phase,
  now: string,
): Pick<SeiNodeStatus, 'phase' | 'phaseTransitionTime'> {
  return before.phase === phase ? { phase } : { phase, phaseTransitionTime: now };
}
