import type { DueWork } from '../domain/due-work.ts';
import { dueWork, nodeAlone } from '../domain/due-work.ts';
import { terminatingNode } from '../domain/sync-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Records that the deleted node is being taken down.
 *
 * Safe to retry: a node that is Terminating is left as it is.
 */
export function createBeginDelete(deps: ActivityDeps): NodeActivities['beginDelete'] {
  return async ({ node }) => {
    let due: DueWork | undefined;
    const result = await updateNodeStatus(deps, node, (current) => {
      due = dueWork(nodeAlone(current), deps.policy);
      return due.kind === 'nodeDelete'
        ? terminatingNode(current, deps.now().toISOString())
        : undefined;
    });
    if (result.kind === 'gone' || due === undefined) return { kind: 'gone' };
    return due.kind === 'nodeDelete' ? { kind: 'begun' } : { kind: 'not-due', due };
  };
}
