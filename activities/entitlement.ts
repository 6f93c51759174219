import type { NodeRef } from '../domain/node-ref.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { NodeGone, Superseded } from './contract/plan.ts';
import type { ActivityDeps } from './deps.ts';
import { keptNodeLive, nodeAt } from './node-at.ts';

type Entitlement<T> = NodeGone | Superseded | { readonly kind: 'entitled'; readonly to: T };

/**
 * What the status of the node entitles a step to, whoever schedules it. A cache may not show yet what the steps before
 * have recorded: that there is nothing, only a live read says.
 *
 * @param find undefined where the status entitles to nothing
 */
export async function entitlement<T>(
  deps: Pick<ActivityDeps, 'api' | 'cache'>,
  ref: NodeRef,
  find: (node: SeiNode) => T | undefined,
): Promise<Entitlement<T>> {
  const seen = await nodeAt(deps, ref, 0);
  const known = seen && find(seen);
  return known === undefined ? entitledNow(deps, ref, find) : { kind: 'entitled', to: known };
}

/**
 * The same by a live read, right before something is done that cannot be taken back: a cache may still show what has
 * been done since.
 */
export async function entitledNow<T>(
  deps: Pick<ActivityDeps, 'api'>,
  ref: NodeRef,
  find: (node: SeiNode) => T | undefined,
): Promise<Entitlement<T>> {
  const live = await keptNodeLive(deps, ref);
  if (live === undefined) return { kind: 'gone' };
  const to = find(live);
  return to === undefined ? { kind: 'superseded' } : { kind: 'entitled', to };
}
