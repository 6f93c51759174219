import { Context } from '@temporalio/activity';

import type { NodeRef } from '../domain/node-ref.ts';
import { keyOf } from '../domain/node-ref.ts';
import type { ClusterCache } from '../kubernetes/cluster.ts';
import { HEARTBEAT_MS } from './heartbeating.ts';

/**
 * Waits until `look` finds something, looking at once, after each change that the shared watches
 * report for the node, and once a second (a grace may have run out). Heartbeats what `describe`
 * says; rejects when the activity is cancelled.
 */
export async function watchUntil<T>(
  cache: ClusterCache,
  node: NodeRef,
  look: () => T | undefined,
  describe: () => string,
): Promise<T> {
  const context = Context.current();
  let stop: () => void = () => undefined;
  const found = new Promise<T>((resolve, reject) => {
    const lookAgain = (): void => {
      try {
        const result = look();
        if (result !== undefined) resolve(result);
      } catch (err) {
        reject(err instanceof Error ? err : new Error(String(err)));
      }
    };
    const key = keyOf(node);
    const unsubscribe = cache.subscribe((changed) => {
      if (keyOf(changed) === key) lookAgain();
    });
    const timer = setInterval(() => {
      context.heartbeat(describe());
      lookAgain();
    }, HEARTBEAT_MS);
    stop = () => {
      unsubscribe();
      clearInterval(timer);
    };
    context.heartbeat(describe());
    lookAgain();
  });
  try {
    return await Promise.race([found, context.cancelled]);
  } finally {
    stop();
  }
}
