import type { Plan, SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { activePlan, completedPlan } from './plan.ts';

/**
 * Returns the node while a restarted sidecar is marked ready again: with a plan of that one step. Keeps the
 * images of the plan before it, because a rollback needs them.
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

/** Returns the status once the sidecar is ready. That ends the plan, whichever run began it. */
export function withoutReapproval(status: SeiNodeStatus): SeiNodeStatus {
  const plan = reapprovalOf(status);
  return plan === undefined
    ? status
    : { ...status, plan: { ...completedPlan(plan), ...keptFailure(plan) } };
}

/** Returns whether status still has the plan to mark a restarted sidecar ready. */
export function isReapproving({ status }: Pick<SeiNode, 'status'>): boolean {
  return reapprovalOf(status) !== undefined;
}

function reapprovalOf(status: SeiNodeStatus | undefined): Plan | undefined {
  const { plan } = status ?? {};
  const isReapproval =
    plan?.phase === 'Active' && plan.tasks.length === 1 && plan.tasks[0]?.type === 'mark-ready';
  return isReapproval ? plan : undefined;
}

/** Keeps the failure of an update: marking a sidecar ready does not clear it. */
function keptFailure({ lastFailure }: Plan): Pick<Plan, 'lastFailure'> {
  return lastFailure === undefined ? {} : { lastFailure };
}
