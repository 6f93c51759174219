import type { ConditionUpdate } from '../node/condition.ts';
import { findCondition } from '../node/condition.ts';
import type { SeiNode } from '../node/sei-node.ts';

/** The result of a probe of the sidecar's healthz. */
export type SidecarState = 'ready' | 'not-ready' | 'unreachable';

/** Returns the condition that reports it. */
export function sidecarCondition(state: SidecarState): ConditionUpdate {
  switch (state) {
    case 'ready':
      return {
        type: 'SidecarReady',
        status: 'True',
        reason: 'Ready',
        message: 'sidecar returned 200',
      };
    case 'not-ready':
      return {
        type: 'SidecarReady',
        status: 'False',
        reason: 'NotReady',
        message: 'sidecar returned 503, re-issuing mark-ready',
      };
    case 'unreachable':
      return {
        type: 'SidecarReady',
        status: 'Unknown',
        reason: 'Unreachable',
        message: 'sidecar does not answer its healthz',
      };
  }
}

/**
 * Returns the conditions while no pod runs whose sidecar anybody could ask; none for a node that never reported one.
 */
export function sidecarLostConditions({
  status,
}: Pick<SeiNode, 'status'>): readonly ConditionUpdate[] {
  if (findCondition(status?.conditions, 'SidecarReady') === undefined) return [];
  const message = 'no pod runs whose sidecar could be asked';
  return [{ type: 'SidecarReady', status: 'Unknown', reason: 'PodNotRunning', message }];
}

/** Returns whether status has the result of the probe already. */
export function isSidecarRecorded(node: SeiNode, state: SidecarState): boolean {
  const recorded = findCondition(node.status?.conditions, 'SidecarReady');
  return recorded?.status === sidecarCondition(state).status;
}
