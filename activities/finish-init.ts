import type { SeiNode } from '../domain/node/sei-node.ts';
import { isBroughtUp } from '../domain/plan/entitled.ts';
import { dueWork, observationOf } from '../domain/work/due-work.ts';
import { finishedInit } from '../domain/work/init-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { isServingNow } from './shared/is-serving-now.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records that the node is Running, and answers what is due next. If the spec was changed meanwhile, it was not what
 * was brought up, and the attempt goes on with the new spec. A node is brought up only once the sidecar has done all
 * its tasks and the pod serves, now.
 *
 * Safe to retry: a plan that is complete is left as it is, and the Event's name follows from it.
 */
export function createFinishInit(deps: ActivityDeps): NodeActivities['finishInit'] {
  return async ({ node, planId, generation }) => {
    const serves = await isServingNow(deps, node);
    let isOutdated = false;
    const result = await updateNodeStatus(deps, node, (current) => {
      const isDone =
        serves && isBroughtUp(current, planId) && current.metadata.generation === generation;
      isOutdated = !isDone && !isFinished(current, planId);
      return isOutdated ? undefined : finishedInit(current, planId, deps.now().toISOString());
    });
    if (result.kind === 'gone') return { kind: 'gone' };
    if (isOutdated) return { kind: 'superseded' };
    await recordEvent(deps, node, {
      type: 'Normal',
      reason: 'PhaseTransition',
      message: 'Phase changed from Initializing to Running',
      occurrence: planId,
    });
    const due = dueWork(
      observationOf(result.node, deps.cache.pods(result.node.metadata)),
      deps.policy,
    );
    return { kind: 'finished', due };
  };
}

/** True when an earlier attempt has recorded it, and only its answer was lost. */
function isFinished({ status }: SeiNode, planId: string): boolean {
  return status?.plan?.id === planId && status.plan.phase === 'Complete';
}
