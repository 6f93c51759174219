import type { NodeRef } from '../domain/node-ref.ts';
import { FINALIZER } from '../domain/sei-node.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeLive } from './node-at.ts';

/** Holds the node back when somebody deletes it, from before the first object is made for it. */
export async function ensureFinalizer(
  deps: Pick<ActivityDeps, 'api' | 'cache'>,
  ref: NodeRef,
): Promise<void> {
  const cached = deps.cache.node(ref);
  if (cached?.metadata.uid === ref.uid && cached.metadata.finalizers?.includes(FINALIZER)) return;
  const node = await nodeLive(deps, ref);
  const { finalizers = [], deletionTimestamp } = node?.metadata ?? {};
  // The API server takes no new finalizer for an object that is being deleted.
  if (node === undefined || deletionTimestamp !== undefined) return;
  if (!finalizers.includes(FINALIZER)) {
    await deps.api.patchNodeFinalizers(node, [...finalizers, FINALIZER]);
  }
}
