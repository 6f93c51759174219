import { dueWork, observationOf } from '../domain/work/due-work.ts';
import { terminatingNode } from '../domain/work/sync-lifecycle.ts';
import { decideNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { hasLetGo } from './shared/let-go.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records that the deleted node is being taken down, or that its objects stay because the deletion asks for that.
 *
 * Safe to retry: a node that is Terminating is left as it is.
 */
export function createBeginDelete(deps: ActivityDeps): NodeActivities['beginDelete'] {
  return async ({ node }) => {
    const result = await decideNodeStatus(deps, node, (current) => {
      const due = dueWork(observationOf(current), deps.policy);
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
    if (due.kind !== 'nodeDelete') return { kind: 'not-due', due };
    if (await hasLetGo(deps.api, result.node)) {
      await recordEvent(deps, node, {
        type: 'Normal',
        reason: 'Orphaned',
        message:
          'the node is deleted with --cascade=orphan: its StatefulSet, pod, Service, ConfigMap and claim stay as they are',
        occurrence: node.uid,
      });
    }
    return { kind: 'begun' };
  };
}
