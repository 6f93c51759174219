import { Context } from '@temporalio/activity';

import type { ShownStall, Stall } from '../../domain/node/stall.ts';
import { stallOf } from '../../domain/node/stall.ts';
import { isWithinGrace, podTrouble } from '../../domain/pod/pod-trouble.ts';
import {
  clearedStall,
  stalledNode,
  statusWithConditions,
} from '../../domain/status/status-conditions.ts';
import { classifyApiError, isUnexpectedAnswer } from '../../kubernetes/api/errors.ts';
import { updateNodeStatus } from '../../kubernetes/node-status.ts';
import type { PlanRef } from '../contract/plan.ts';
import type { ActivityDeps } from '../deps.ts';
import { recordStallEvent } from '../record-stall.ts';
import { WaitingFor } from './waiting-for.ts';

type Deps = Pick<ActivityDeps, 'api' | 'cache' | 'now' | 'logger'>;

/** Longer than an API server takes to restart or to elect a new etcd leader. */
const TOLERATED_MS = 10_000;

/**
 * Marks the node as Stalled while a step is retried because its requests are answered with errors again and again: a
 * webhook that is down does not recover on its own. Does the same for a step that waits for something to be gone, once
 * no pod of the node that may delay that has any grace left. Marks nothing where no server answers. The stall ends when
 * the step succeeds.
 *
 * A stall that another step has recorded stays: that step records it only once.
 */
export function withLastingStall<Input extends PlanRef, Result>(
  deps: Deps,
  activity: (input: Input) => Promise<Result>,
): (input: Input) => Promise<Result> {
  const known = ({ node }: PlanRef) => stallOf(deps.cache.node(node)?.status);
  return async (input) => {
    const { attempt, scheduledTimestampMs } = Context.current().info;
    try {
      const result = await activity(input);
      if (attempt > 1 && isOurs(known(input))) {
        await unlessRefused(deps, input, () => endStall(deps, input));
      }
      return result;
    } catch (err) {
      // The second attempt counts, because an attempt at a wait may be hours old when its last request fails.
      const isLasting = attempt > 1 && deps.now().getTime() - scheduledTimestampMs >= TOLERATED_MS;
      const stall = isLasting && known(input) === undefined ? stallBy(deps, input, err) : undefined;
      if (stall !== undefined)
        await unlessRefused(deps, input, () => recordStall(deps, input, stall));
      throw err;
    }
  };
}

function stallBy({ cache, now }: Deps, { node }: PlanRef, err: unknown): Stall | undefined {
  if (err instanceof WaitingFor) {
    const pods = cache.pods(node);
    if (pods.some((pod) => isWithinGrace(pod, now().getTime()))) return undefined;
    const troubles = pods.map((pod) => podTrouble(pod, now().getTime()));
    const leaving = troubles.find((trouble) => trouble?.reason === 'PodTerminating');
    const message = [err.message, leaving?.message].filter(Boolean).join('; ');
    return { reason: 'WaitingForDeletion', message };
  }
  if (isUnexpectedAnswer(err))
    return { reason: 'ApiServerError', message: classifyApiError(err).message };
  return undefined;
}

function isOurs(stall: ShownStall | undefined): boolean {
  return stall?.reason === 'ApiServerError' || stall?.reason === 'WaitingForDeletion';
}

async function recordStall(deps: Deps, { node, planId }: PlanRef, stall: Stall): Promise<void> {
  const result = await updateNodeStatus(deps, node, (current) =>
    stallOf(current.status) === undefined
      ? stalledNode(current, stall, deps.now().toISOString())
      : undefined,
  );
  if (result.kind === 'written') await recordStallEvent(deps, result.node, planId, stall);
}

async function endStall(deps: Deps, { node }: PlanRef): Promise<void> {
  await updateNodeStatus(deps, node, (current) => {
    const { status = {} } = current;
    if (!isOurs(stallOf(status))) return undefined;
    return statusWithConditions(current, clearedStall(status), deps.now().toISOString());
  });
}

/** Logs a write that fails: only the outcome of the step counts. */
async function unlessRefused(
  { logger }: Deps,
  { node: { namespace, name } }: PlanRef,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (err) {
    const error = err instanceof Error ? err.message : String(err);
    logger.warn('stall not recorded', { namespace, name, error });
  }
}
