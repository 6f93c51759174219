import { assertNever } from '../../domain/assert-never.ts';
import { keyOf } from '../../domain/node/node-ref.ts';
import type { AppliedStatefulSet } from '../../domain/pod/pod-replacement.ts';
import type { AttemptInput, NodeGone, Superseded } from '../contract/plan.ts';
import type { RolloutInput } from '../contract/rollout.ts';
import type { ActivityDeps } from '../deps.ts';
import { isBeingDeleted, getActiveNodeLive } from './get-node.ts';
import { mayBeSuperseded, confirmWanted } from './superseded.ts';
import { watchUntil } from './watch-until.ts';

/** A look at the caches: the awaited result, or a reason to confirm with a live read that the attempt has a point. */
type Seen<T> =
  | { readonly kind: 'found'; readonly result: T }
  | { readonly kind: 'superseded' | 'node-not-shown' | 'statefulset-not-shown' };

/**
 * Waits in an attempt until `look` finds something, or until the attempt has become pointless: the node is gone or
 * wants another target, or the StatefulSet of the attempt is gone, which the next attempt makes again.
 */
export async function watchAttempt<T extends object>(
  deps: ActivityDeps,
  input: RolloutInput,
  look: () => T | undefined,
  describe: () => string,
): Promise<T | NodeGone | Superseded> {
  // A cache may be behind, so it cannot prove that something is gone: only a live read can.
  let isThere = false;
  let behind: string | undefined;
  for (;;) {
    const seen = await watchUntil<Seen<T>>(
      deps.cache,
      input.node,
      () => {
        const node = deps.cache.node(input.node);
        if (node?.metadata.uid !== input.node.uid || isBeingDeleted(node))
          return { kind: 'node-not-shown' };
        const isBehind = node.metadata.resourceVersion === behind;
        if (!isBehind && mayBeSuperseded(deps, input, node)) return { kind: 'superseded' };
        if (deps.cache.statefulSet(input.node)?.uid === input.statefulSet.uid) isThere = false;
        else if (!isThere) return { kind: 'statefulset-not-shown' };
        const result = look();
        return result === undefined ? undefined : { kind: 'found', result };
      },
      describe,
    );
    switch (seen.kind) {
      case 'found':
        return seen.result;
      case 'superseded': {
        const cached = deps.cache.node(input.node);
        const live = cached && (await confirmWanted(deps, input, cached));
        if (live !== undefined && live.kind !== 'wanted') return live;
        behind = cached?.metadata.resourceVersion;
        break;
      }
      case 'node-not-shown':
        if ((await getActiveNodeLive(deps, input.node)) === undefined) return { kind: 'gone' };
        throw new Error(`the watch does not show ${keyOf(input.node)} yet`);
      case 'statefulset-not-shown':
        if (await isGone(deps, input, input.statefulSet)) return { kind: 'superseded' };
        isThere = true;
        break;
      default:
        return assertNever(seen);
    }
  }
}

async function isGone(
  deps: ActivityDeps,
  { node }: AttemptInput,
  { uid }: AppliedStatefulSet,
): Promise<boolean> {
  const live = await deps.api.getStatefulSet(node);
  return live?.uid !== uid || live.terminating;
}
