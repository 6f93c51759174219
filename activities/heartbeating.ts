import { Context } from '@temporalio/activity';

/** Often enough for a cancellation, which travels in the heartbeat's answer, to arrive in time. */
const HEARTBEAT_MS = 1_000;

const descriptions = new WeakMap<Context, () => string>();

/** An activity that heartbeats from its beginning to its end, whatever it waits for meanwhile. */
export function heartbeatingThroughout<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const context = Context.current();
    const timer = setInterval(() => {
      context.heartbeat(descriptions.get(context)?.());
    }, HEARTBEAT_MS);
    try {
      return await activity(...args);
    } finally {
      clearInterval(timer);
    }
  };
}

/** Says from now on in each heartbeat what is waited for. */
export function saysInHeartbeats(describe: () => string): void {
  const context = Context.current();
  descriptions.set(context, describe);
  context.heartbeat(describe());
}

/** Rejects as soon as the activity is cancelled; a call that hangs then answers nobody. */
export function untilCancelled<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, Context.current().cancelled]);
}
