import { keyOf } from '../domain/node-ref.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import { isSameTarget, targetFor } from '../domain/target.ts';
import type { AttemptInput, NodeGone, Superseded } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { isBeingDeleted, keptNodeLive } from './node-at.ts';
import { watchUntil } from './watch-until.ts';

/**
 * Waits in an attempt until `look` finds something, or until the attempt has become pointless: the
 * node is gone or wants another target.
 */
export async function watchAttempt<T extends object>(
  deps: ActivityDeps,
  input: AttemptInput,
  look: () => T | undefined,
  describe: () => string,
): Promise<T | NodeGone | Superseded> {
  const found = await watchUntil<{ readonly found: T } | 'superseded' | 'not shown'>(
    deps.cache,
    input.node,
    () => {
      const node = deps.cache.node(input.node);
      if (node?.metadata.uid !== input.node.uid || isBeingDeleted(node)) return 'not shown';
      if (isSuperseded(deps, input, node)) return 'superseded';
      const result = look();
      return result === undefined ? undefined : { found: result };
    },
    describe,
  );
  if (found === 'superseded') return { kind: 'superseded' };
  if (found !== 'not shown') return found.found;
  // A cache may be behind, so it cannot say that a node is gone: only a live read can.
  if ((await keptNodeLive(deps, input.node)) === undefined) return { kind: 'gone' };
  throw new Error(`the watch does not show ${keyOf(input.node)} yet`);
}

/** Whether the node, at the attempt's generation or later, wants something else by now. */
export function isSuperseded(
  deps: Pick<ActivityDeps, 'policy'>,
  input: AttemptInput,
  node: SeiNode,
): boolean {
  return (
    node.metadata.generation >= input.generation &&
    (node.metadata.deletionTimestamp !== undefined ||
      !isSameTarget(targetFor(node, deps.policy.defaultSidecarImage), input.target))
  );
}
