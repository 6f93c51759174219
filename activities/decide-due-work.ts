import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { dueFor } from './due-for.ts';
import { nodeLive } from './node-at.ts';

/**
 * The work that is due now, from live reads: that nothing is due must not be concluded from a cache
 * that may be behind.
 *
 * Safe to retry: it only reads.
 */
export function createDecideDueWork(deps: ActivityDeps): NodeActivities['decideDueWork'] {
  return async (ref) => {
    const node = await nodeLive(deps, ref);
    return node === undefined ? { kind: 'gone' } : dueFor(deps, node);
  };
}
