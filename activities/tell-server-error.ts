import { Context } from '@temporalio/activity';

import type { Stall } from '../domain/stall.ts';
import { stallOf } from '../domain/stall.ts';
import { classifyApiError, isServerError } from '../kubernetes/errors.ts';
import type { PlanRef, StallInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';

const SERVER_ERROR = 'ApiServerError';

/** An API server that restarts, or elects a new etcd leader, answers again before. */
const BORNE_MS = 10_000;

/**
 * A step whose requests the API server answers with an error of its own, again and again, is told on the
 * node while it is retried: a webhook that is down mends itself no more than a pod does. A server that
 * does not answer is told nothing. It is over when the step gets through.
 *
 * @param record what records a stall, and its end.
 */
export function tellingServerErrors<Input extends PlanRef, Result>(
  { cache, now, logger }: Pick<ActivityDeps, 'cache' | 'now' | 'logger'>,
  record: (input: StallInput) => Promise<void>,
  activity: (input: Input) => Promise<Result>,
): (input: Input) => Promise<Result> {
  const isTold = ({ node }: PlanRef): boolean =>
    stallOf(cache.node(node)?.status)?.reason === SERVER_ERROR;
  const tell = async ({ node, planId }: PlanRef, trouble: Stall | undefined): Promise<void> => {
    try {
      await record({ node, planId, trouble });
    } catch (err) {
      logger.warn('stall not recorded', {
        namespace: node.namespace,
        name: node.name,
        error: err instanceof Error ? err.message : String(err),
      });
    }
  };
  return async (input) => {
    const { attempt, scheduledTimestampMs } = Context.current().info;
    try {
      const result = await activity(input);
      if (attempt > 1 && isTold(input)) await tell(input, undefined);
      return result;
    } catch (err) {
      // An attempt at a wait may be hours old when its last request fails: so the second one counts.
      const isLasting = attempt > 1 && now().getTime() - scheduledTimestampMs >= BORNE_MS;
      if (isLasting && isServerError(err) && !isTold(input)) {
        await tell(input, { reason: SERVER_ERROR, message: classifyApiError(err).message });
      }
      throw err;
    }
  };
}
