import { autoRollbackDecision } from '../domain/plan/rollback.ts';
import { isWithinGrace } from '../domain/pod/pod-trouble.ts';
import { podStage, progressPolicy } from '../domain/work/progress-deadline.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { getActiveNodeLive } from './shared/get-node.ts';

/**
 * Reads live how far a plan has come, and what the spec says now about late plans. Its only decision about time is that
 * a grace is not over: the workflow has the one clock for that. An API server that does not answer keeps this activity
 * waiting, which tells the workflow that nobody could work.
 *
 * Safe to retry: it only reads.
 */
export function createCheckProgress(deps: ActivityDeps): NodeActivities['checkProgress'] {
  return async ({ node: ref, planId }) => {
    const [node, statefulSet, pods] = await Promise.all([
      getActiveNodeLive(deps, ref),
      deps.api.getStatefulSet(ref),
      deps.api.listPods(ref),
    ]);
    if (node === undefined) return { kind: 'gone' };
    const decision = autoRollbackDecision(node, planId);
    return {
      kind: 'checked',
      stage: podStage(statefulSet, pods),
      isPodInGrace: pods.some((pod) => isWithinGrace(pod, deps.now().getTime())),
      policy: progressPolicy(node),
      notRolledBack: decision.kind === 'refuse' ? decision.why : undefined,
    };
  };
}
