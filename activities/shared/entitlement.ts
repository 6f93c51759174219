import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { NodeGone, Superseded } from '../contract/plan.ts';
import type { ActivityDeps } from '../deps.ts';
import { getActiveNodeLive, getActiveNode } from './get-node.ts';

type Entitlement<T> = NodeGone | Superseded | { readonly kind: 'entitled'; readonly to: T };

/**
 * Reads from status what a step is entitled to do, whoever schedules it. A cache may not show yet what earlier steps
 * have recorded, so only a live read concludes that there is nothing.
 *
 * @param find returns undefined where the status entitles to nothing
 */
export async function getEntitlement<T>(
  deps: Pick<ActivityDeps, 'api' | 'cache'>,
  ref: NodeRef,
  find: (node: SeiNode) => T | undefined,
): Promise<Entitlement<T>> {
  const seen = await getActiveNode(deps, ref, 0);
  const known = seen && find(seen);
  return known === undefined
    ? getEntitlementLive(deps, ref, find)
    : { kind: 'entitled', to: known };
}

/**
 * Does the same by a live read, right before a step that cannot be undone: a cache may still show an entitlement that
 * has been used since.
 */
export async function getEntitlementLive<T>(
  deps: Pick<ActivityDeps, 'api'>,
  ref: NodeRef,
  find: (node: SeiNode) => T | undefined,
): Promise<Entitlement<T>> {
  const live = await getActiveNodeLive(deps, ref);
  if (live === undefined) return { kind: 'gone' };
  const to = find(live);
  return to === undefined ? { kind: 'superseded' } : { kind: 'entitled', to };
}
