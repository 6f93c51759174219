import { Context } from '@temporalio/activity';

import { parseWorkflowId } from '../../domain/run/workflow-id.ts';
import type { FairShare } from './fair-share.ts';
import { Heartbeats } from './heartbeats.ts';

const underWay = new WeakMap<Context, Heartbeats>();

/** Makes an activity heartbeat from its beginning to its end, whatever it waits for meanwhile. */
export function heartbeatingThroughout<Args extends readonly unknown[], Result>(
  share: FairShare,
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const context = Context.current();
    const owner = parseWorkflowId(context.info.workflowExecution?.workflowId ?? '');
    const heartbeats = new Heartbeats(context, share, owner?.object.namespace ?? '');
    underWay.set(context, heartbeats);
    try {
      return await activity(...args);
    } finally {
      heartbeats.end();
    }
  };
}

/** Sends what the activity waits for, at once if it is news, and in each heartbeat from now on. */
export function saysInHeartbeats(describe: () => string): void {
  const context = Context.current();
  const heartbeats = underWay.get(context);
  if (heartbeats === undefined) context.heartbeat(describe());
  else heartbeats.say(describe);
}

/** Waits while the attempt asks nothing of anybody. Where thousands wait, their heartbeats become rarer. */
export function resting<T>(wait: Promise<T>): Promise<T> {
  return underWay.get(Context.current())?.rest(wait) ?? wait;
}

/** Rejects as soon as the activity is cancelled, even if the work hangs. */
export function untilCancelled<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, Context.current().cancelled]);
}
