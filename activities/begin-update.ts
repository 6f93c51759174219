import { stallOf } from '../domain/node/stall.ts';
import type { PodView } from '../domain/pod/pod-view.ts';
import { configPatch } from '../domain/sidecar/config-patch.ts';
import { describeDrift } from '../domain/work/drift.ts';
import type { DueWork } from '../domain/work/due-work.ts';
import { dueWork, observationOf } from '../domain/work/due-work.ts';
import { progressPolicy } from '../domain/work/progress-deadline.ts';
import { startedUpdate } from '../domain/work/update-lifecycle.ts';
import { decideNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { BeginInput, BeginUpdateResult } from './contract/begin.ts';
import type { ActivityDeps } from './deps.ts';
import { dependsOnSurroundings, getDueWork } from './shared/get-due-work.ts';
import { getNodeLive } from './shared/get-node.ts';
import { preflightUnlessKnown } from './shared/preflight.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Decides from the node as it is whether an update is due, and records its beginning before anything else is written.
 * Then checks that everything to be written may be written.
 *
 * Safe to retry: the patch carries the resourceVersion that it was decided from; a plan that has begun for this target
 * is found and kept; and an adopted claim is found to be the node's.
 */
export function createBeginUpdate(deps: ActivityDeps): NodeActivities['beginUpdate'] {
  return async (input) => {
    const byStatus = await begin(deps, input, []);
    if (byStatus.kind !== 'not-due' || !dependsOnSurroundings(byStatus.due)) return byStatus;
    // The pods count only where status shows no drift, and are read live: a cache may be behind.
    const byPods = await begin(deps, input, await deps.api.listPods(input.node));
    if (byPods.kind !== 'not-due' || !dependsOnSurroundings(byPods.due)) return byPods;
    const node = await getNodeLive(deps, input.node);
    return node === undefined
      ? { kind: 'gone' }
      : { kind: 'not-due', due: await getDueWork(deps, node) };
  };
}

async function begin(
  deps: ActivityDeps,
  { node, planId, workflowId }: BeginInput,
  pods: readonly PodView[],
): Promise<BeginUpdateResult> {
  const result = await decideNodeStatus<DueWork>(deps, node, (current) => {
    const decided = dueWork(observationOf(current, pods), deps.policy);
    if (decided.kind !== 'nodeUpdate') return { answer: decided, status: undefined };
    const cause = decided.drifts.map(describeDrift).join(', ');
    const start = { planId, workflowId, target: decided.target, cause };
    return { answer: decided, status: startedUpdate(current, start, deps.now().toISOString()) };
  });
  if (result.kind === 'gone') return result;
  const due = result.answer;
  if (due.kind !== 'nodeUpdate') return { kind: 'not-due', due };

  const previousImage = result.node.status?.plan?.previousImage;
  const { target, drifts } = due;
  const patch = configPatch(result.node);
  await recordEvent(deps, node, {
    type: 'Normal',
    reason: 'UpdateStarted',
    message: `update to ${target.image} started: ${drifts.map(describeDrift).join(', ')}`,
    occurrence: `${planId} ${target.image} ${target.sidecarImage}`,
  });
  await preflightUnlessKnown(deps, result.node, target);
  return {
    kind: 'begun',
    generation: result.node.metadata.generation,
    target,
    previousImage,
    policy: progressPolicy(result.node),
    stall: stallOf(result.node.status),
    ...(patch !== undefined && { configPatch: patch }),
  };
}
