import { isRolledOut } from '../domain/plan/entitled.ts';
import { dueWork, observationOf } from '../domain/work/due-work.ts';
import { finishedUpdate } from '../domain/work/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { isServingNow } from './shared/is-serving-now.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records that the update is complete, and answers what is due next. The update is complete once its image was observed
 * to run and its pod serves, now; otherwise nothing is written, and the update is still due.
 *
 * Safe to retry: only an Active plan of this id is completed, and the Event's name follows from it.
 */
export function createFinishUpdate(deps: ActivityDeps): NodeActivities['finishUpdate'] {
  return async ({ node, planId }) => {
    const serves = await isServingNow(deps, node);
    const result = await updateNodeStatus(deps, node, (current) =>
      serves && isRolledOut(current, planId)
        ? finishedUpdate(current, planId, deps.now().toISOString())
        : undefined,
    );
    if (result.kind === 'gone') return { kind: 'gone' };
    const { plan, currentImage } = result.node.status ?? {};
    if (plan?.id === planId && plan.phase === 'Complete') {
      await recordEvent(deps, node, {
        type: 'Normal',
        reason: 'UpdateComplete',
        message: `the node runs ${currentImage ?? 'an unknown image'}`,
        occurrence: planId,
      });
    }
    const due = dueWork(
      observationOf(result.node, deps.cache.pods(result.node.metadata)),
      deps.policy,
    );
    return { kind: 'finished', due };
  };
}
