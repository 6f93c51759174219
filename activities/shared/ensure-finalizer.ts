import type { NodeRef } from '../../domain/node/node-ref.ts';
import { FINALIZER } from '../../domain/node/sei-node.ts';
import type { ActivityDeps } from '../deps.ts';
import { getNodeLive } from './get-node.ts';

/**
 * Adds the finalizer that keeps a deleted node until its objects are taken down; called before its first object is
 * made.
 */
export async function ensureFinalizer(
  deps: Pick<ActivityDeps, 'api' | 'cache'>,
  ref: NodeRef,
): Promise<void> {
  const cached = deps.cache.node(ref);
  if (cached?.metadata.uid === ref.uid && cached.metadata.finalizers?.includes(FINALIZER)) return;
  const node = await getNodeLive(deps, ref);
  const { finalizers = [], deletionTimestamp } = node?.metadata ?? {};
  // The API server accepts no new finalizer for an object that is being deleted.
  if (node === undefined || deletionTimestamp !== undefined) return;
  if (!finalizers.includes(FINALIZER)) {
    await deps.api.patchNodeFinalizers(node, [...finalizers, FINALIZER]);
  }
}
