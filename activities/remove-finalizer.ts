import { FINALIZER } from '../domain/sei-node.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { releaseMountLeases } from './mount-leases.ts';
import { nodeLive } from './node-at.ts';
import { unlessGone } from './unless-gone.ts';

/**
 * Lets the deleted node go; what it owns beside its StatefulSet and claim is garbage collected.
 *
 * Safe to retry: the patch carries the UID and resourceVersion of the read before it, and a node that
 * is gone is what it is for.
 */
export function createRemoveFinalizer(deps: ActivityDeps): NodeActivities['removeFinalizer'] {
  return async ({ node: ref }) => {
    const node = await nodeLive(deps, ref);
    const finalizers = node?.metadata.finalizers ?? [];
    if (node === undefined || !finalizers.includes(FINALIZER)) return;
    await releaseMountLeases(deps, node);
    const left = finalizers.filter((finalizer) => finalizer !== FINALIZER);
    await unlessGone(() => deps.api.patchNodeFinalizers(node, left));
  };
}
