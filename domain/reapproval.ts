import { activePlan, completedPlan } from './plan.ts';
import type { Plan, SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';

/**
 * The node as a sidecar that has restarted is marked ready again: a plan of that one step. What the plan
 * before it said of images stays said, because a rollback goes by it.
 */
export function withReapproval(
  node: SeiNode,
  status: SeiNodeStatus,
  { planId, workflowId }: { readonly planId: string; readonly workflowId: string },
  now: string,
): SeiNodeStatus {
  const before = node.status?.plan;
  if (before?.phase === 'Active') return status;
  const plan = activePlan({
    id: planId,
    workflowId,
    targetImage: before?.targetImage ?? node.status?.currentImage ?? node.spec.image,
    previousImage: before?.previousImage,
    steps: ['mark-ready'],
    startedAt: now,
    lastFailure: before?.lastFailure,
  });
  return { ...status, plan };
}

/** The status once the sidecar is ready; whichever run began the plan, its end is reached. */
export function withoutReapproval(status: SeiNodeStatus): SeiNodeStatus {
  const plan = reapprovalOf(status);
  return plan === undefined
    ? status
    : { ...status, plan: { ...completedPlan(plan), ...keptFailure(plan) } };
}

/** Whether status still has the plan of a sidecar that was to be marked ready again. */
export function isReapproving({ status }: Pick<SeiNode, 'status'>): boolean {
  return reapprovalOf(status) !== undefined;
}

function reapprovalOf(status: SeiNodeStatus | undefined): Plan | undefined {
  const { plan } = status ?? {};
  const isReapproval =
    plan?.phase === 'Active' && plan.tasks.length === 1 && plan.tasks[0]?.type === 'mark-ready';
  return isReapproval ? plan : undefined;
}

/** A failure of an update is not settled by a sidecar that was marked ready. */
function keptFailure({ lastFailure }: Plan): Pick<Plan, 'lastFailure'> {
  return lastFailure === undefined ? {} : { lastFailure };
}
