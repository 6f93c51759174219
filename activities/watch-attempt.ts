import { keyOf } from '../domain/node-ref.ts';
import type { AppliedStatefulSet } from '../domain/pod-replacement.ts';
import type { AttemptInput, NodeGone, Superseded } from './contract/plan.ts';
import type { RolloutInput } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import { isBeingDeleted, getActiveNodeLive } from './get-node.ts';
import { mayBeSuperseded, confirmWanted } from './superseded.ts';
import { watchUntil } from './watch-until.ts';

type Pointless = 'superseded' | 'node not shown' | 'StatefulSet not shown';

/**
 * Waits in an attempt until `look` finds something, or until the attempt has become pointless: the
 * node is gone or wants another target, or the StatefulSet of the attempt is gone, which the next
 * attempt makes anew.
 */
export async function watchAttempt<T extends object>(
  deps: ActivityDeps,
  input: RolloutInput,
  look: () => T | undefined,
  describe: () => string,
): Promise<T | NodeGone | Superseded> {
  // A cache may be behind, so it cannot say that something is gone: only a live read can.
  let isThere = false;
  let behind: string | undefined;
  for (;;) {
    const found = await watchUntil<{ readonly found: T } | Pointless>(
      deps.cache,
      input.node,
      () => {
        const node = deps.cache.node(input.node);
        if (node?.metadata.uid !== input.node.uid || isBeingDeleted(node)) return 'node not shown';
        const isBehind = node.metadata.resourceVersion === behind;
        if (!isBehind && mayBeSuperseded(deps, input, node)) return 'superseded';
        if (deps.cache.statefulSet(input.node)?.uid === input.statefulSet.uid) isThere = false;
        else if (!isThere) return 'StatefulSet not shown';
        const result = look();
        return result === undefined ? undefined : { found: result };
      },
      describe,
    );
    switch (found) {
      case 'superseded': {
        const seen = deps.cache.node(input.node);
        const live = seen && (await confirmWanted(deps, input, seen));
        if (live !== undefined && live.kind !== 'wanted') return live;
        behind = seen?.metadata.resourceVersion;
        break;
      }
      case 'node not shown':
        if ((await getActiveNodeLive(deps, input.node)) === undefined) return { kind: 'gone' };
        throw new Error(`the watch does not show ${keyOf(input.node)} yet`);
      case 'StatefulSet not shown':
        if (await isGone(deps, input, input.statefulSet)) return { kind: 'superseded' };
        isThere = true;
        break;
      default:
        return found.found;
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
