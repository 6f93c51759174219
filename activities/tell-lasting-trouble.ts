import { Context } from '@temporalio/activity';

import { isWithinGrace, podTrouble } from '../domain/pod-trouble.ts';
import type { Stall } from '../domain/stall.ts';
import { stallOf } from '../domain/stall.ts';
import { clearedStall, stalledNode, statusWithConditions } from '../domain/status-conditions.ts';
import { classifyApiError, isUnexpectedAnswer } from '../kubernetes/api/errors.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { PlanRef } from './contract/plan.ts';
import type { ActivityDeps } from './deps.ts';
import { recordStallEvent } from './record-stall.ts';
import { WaitingFor } from './waiting-for.ts';

type Deps = Pick<ActivityDeps, 'api' | 'cache' | 'now' | 'logger'>;

const SERVER_ERROR = 'ApiServerError';
const WAITING = 'WaitingForDeletion';

/** An API server that restarts, or elects a new etcd leader, answers again before. */
const BORNE_MS = 10_000;

/**
 * A step whose requests are answered with an error again and again is told on the node while it is retried: a
 * webhook that is down mends itself no more than a pod does. So is one that waits for something to be gone,
 * once no pod of the node that may hold that up has any grace left. Where no server answers nothing is told.
 * It is over when the step gets through.
 *
 * What holds the node back otherwise is said by another step, and once only: it stays.
 */
export function tellingLastingTrouble<Input extends PlanRef, Result>(
  deps: Deps,
  activity: (input: Input) => Promise<Result>,
): (input: Input) => Promise<Result> {
  const known = ({ node }: PlanRef) => stallOf(deps.cache.node(node)?.status);
  return async (input) => {
    const { attempt, scheduledTimestampMs } = Context.current().info;
    try {
      const result = await activity(input);
      if (attempt > 1 && isTold(known(input))) {
        await unlessRefused(deps, input, () => settle(deps, input));
      }
      return result;
    } catch (err) {
      // An attempt at a wait may be hours old when its last request fails: so the second one counts.
      const isLasting = attempt > 1 && deps.now().getTime() - scheduledTimestampMs >= BORNE_MS;
      const stall = isLasting && known(input) === undefined ? stallBy(deps, input, err) : undefined;
      if (stall !== undefined) await unlessRefused(deps, input, () => tell(deps, input, stall));
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
    return { reason: WAITING, message };
  }
  if (isUnexpectedAnswer(err))
    return { reason: SERVER_ERROR, message: classifyApiError(err).message };
  return undefined;
}

function isTold(stall: Stall | undefined): boolean {
  return stall?.reason === SERVER_ERROR || stall?.reason === WAITING;
}

async function tell(deps: Deps, { node, planId }: PlanRef, stall: Stall): Promise<void> {
  const result = await updateNodeStatus(deps, node, (current) =>
    stallOf(current.status) === undefined
      ? stalledNode(current, stall, deps.now().toISOString())
      : undefined,
  );
  if (result.kind === 'written') await recordStallEvent(deps, result.node, planId, stall);
}

async function settle(deps: Deps, { node }: PlanRef): Promise<void> {
  await updateNodeStatus(deps, node, (current) => {
    const { status = {} } = current;
    if (!isTold(stallOf(status))) return undefined;
    return statusWithConditions(current, clearedStall(status), deps.now().toISOString());
  });
}

/** The step's own outcome counts, whether it can be told of or not. */
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
