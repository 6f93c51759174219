import { dueWork } from '../domain/due-work.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { evidenceOf } from './evidence.ts';
import { probeOf } from '../sidecar/probe-sidecar.ts';
import { nodeLive } from './node-at.ts';
import { observationFromCache, observationLive } from '../manifests/observation.ts';

/**
 * The work that is due now. The node is read live: that nothing is due must not be concluded from a
 * cache that may be behind.
 *
 * Safe to retry: it only reads.
 */
export function createDecideDueWork(deps: ActivityDeps): NodeActivities['decideDueWork'] {
  return async ({ node: ref, told }) => {
    const [node, pods] = await Promise.all([nodeLive(deps, ref), evidenceOf(deps, ref)]);
    if (node === undefined) return { kind: 'gone' };
    const observation =
      told === 'nodeSync'
        ? await observationLive(deps, node, probeOf(deps, ref))
        : observationFromCache(deps, node, { pods });
    return dueWork(observation, deps.policy);
  };
}
