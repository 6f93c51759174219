import { Context } from '@temporalio/activity';

/** Often enough for a cancellation, which travels in the heartbeat's answer, to arrive in time. */
export const HEARTBEAT_MS = 1_000;

/**
 * Does work that may have to wait for others, and heartbeats what `describe` says meanwhile. Rejects
 * as soon as the activity is cancelled; a call that hangs then answers nobody.
 */
export async function heartbeating<T>(describe: () => string, work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = (): void => context.heartbeat(describe());
  beat();
  const timer = setInterval(beat, HEARTBEAT_MS);
  try {
    return await Promise.race([work(), context.cancelled]);
  } finally {
    clearInterval(timer);
  }
}
