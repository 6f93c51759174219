import type { NodeActivities } from './contract/activities.ts';
import type { AwaitMountsInput, AwaitMountsResult } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import type { MountConflict } from './mount-leases.ts';
import { takeMountLeases } from './mount-leases.ts';
import { nodeAt } from './node-at.ts';
import { stillWanted } from './superseded.ts';
import { watchUntil } from './watch-until.ts';

/** A change of the holder is told by the watch. What it leaves behind, such as an orphaned pod, is asked for. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/** A holder that is rolled writes its status some ten times within seconds, and a look lists all pods. */
const SHORTEST_PAUSE_MS = 2_000;

/**
 * Waits until no other node has what the pod would mount, and takes it. The caller hears who has it.
 *
 * Safe to retry: what the node has taken it goes on holding, and everything is looked at live.
 */
export function createAwaitMounts(deps: ActivityDeps): NodeActivities['awaitMounts'] {
  return (input) => untilMountsAreFree(deps, input);
}

/** The same for a step that begins with it. It costs a node without keys nothing. */
export async function untilMountsAreFree(
  deps: ActivityDeps,
  input: AwaitMountsInput,
): Promise<AwaitMountsResult> {
  // A node that is to have no pod takes nothing from those that are.
  if (input.target.replicas === 0) return { kind: 'superseded' };
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const seen = await nodeAt(deps, input.node, input.generation);
    if (seen === undefined) return { kind: 'gone' };
    const still = await stillWanted(deps, input, seen);
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
