import type { NodeActivities } from './contract/activities.ts';
import type { AwaitMountsInput, AwaitMountsResult } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import { getActiveNode } from './shared/get-node.ts';
import type { MountConflict } from './shared/mount-leases.ts';
import { takeMountLeases } from './shared/mount-leases.ts';
import { confirmWanted } from './shared/superseded.ts';
import { watchUntil } from './shared/watch-until.ts';

/** The watch shows a change of the holder; polling finds what the holder leaves behind, such as an orphaned pod. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Spares the API server: a holder that rolls writes its status some ten times within seconds, and each look lists all
 * pods.
 */
const SHORTEST_PAUSE_MS = 2_000;

/**
 * Waits until no other node has what the pod would mount, and takes it. Answers the caller with the node that has it.
 *
 * Safe to retry: the node keeps what it has taken, and every look reads live.
 */
export function createAwaitMounts(deps: ActivityDeps): NodeActivities['awaitMounts'] {
  return (input) => untilMountsAreFree(deps, input);
}

/** Does the same for a step that begins with it. A node without keys costs no request. */
export async function untilMountsAreFree(
  deps: ActivityDeps,
  input: AwaitMountsInput,
): Promise<AwaitMountsResult> {
  // A node that is to have no pod takes nothing from nodes that have one.
  if (input.target.replicas === 0) return { kind: 'superseded' };
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const seen = await getActiveNode(deps, input.node, input.generation);
    if (seen === undefined) return { kind: 'gone' };
    const still = await confirmWanted(deps, input, seen);
    if (still.kind !== 'wanted') return still;
    const conflict = await takeMountLeases(deps, still.node);
    if (conflict === undefined) return { kind: 'free' };
    if (conflict.stall.message !== input.known?.message) {
      return { kind: 'blocked', trouble: conflict.stall };
    }
    await untilHolderChanges(deps, conflict, pauseMs);
  }
}

async function untilHolderChanges(
  { cache, now }: ActivityDeps,
  { holder, stall }: MountConflict,
  atMostMs: number,
): Promise<void> {
  const version = () => cache.node(holder)?.metadata.resourceVersion;
  const before = version();
  const beganMs = now().getTime();
  await watchUntil(
    cache,
    holder,
    () => {
      const passedMs = now().getTime() - beganMs;
      const hasChanged = version() !== before && passedMs >= SHORTEST_PAUSE_MS;
      return hasChanged || passedMs >= atMostMs || undefined;
    },
    () => stall.message,
  );
}
