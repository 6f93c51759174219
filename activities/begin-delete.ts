import { dueWork, nodeAlone } from '../domain/due-work.ts';
import { terminatingNode } from '../domain/sync-lifecycle.ts';
import { decideNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Records that the deleted node is being taken down.
 *
 * Safe to retry: a node that is Terminating is left as it is.
 */
export function createBeginDelete(deps: ActivityDeps): NodeActivities['beginDelete'] {
  return async ({ node }) => {
    const result = await decideNodeStatus(deps, node, (current) => {
      const due = dueWork(nodeAlone(current), deps.policy);
      return {
        answer: due,
        status:
          due.kind === 'nodeDelete'
            ? terminatingNode(current, deps.now().toISOString())
            : undefined,
      };
    });
    if (result.kind === 'gone') return result;
    const due = result.answer;
    return due.kind === 'nodeDelete' ? { kind: 'begun' } : { kind: 'not-due', due };
  };
}
