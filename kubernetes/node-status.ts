import type { NodeRef } from '../domain/node-ref.ts';
import type { SeiNode, SeiNodeStatus } from '../domain/sei-node.ts';
import type { ClusterApi, ClusterCache } from './cluster.ts';
import { isConflict, isNotFound } from './errors.ts';
import { statusPatch } from './status-patch.ts';

export interface NodeStatusDeps {
  readonly api: Pick<ClusterApi, 'getNode' | 'patchNodeStatus'>;
  /** Saves a request: where it is behind, the write is refused and decided again from a live read. */
  readonly cache?: Pick<ClusterCache, 'node'>;
}

export type UpdateStatusResult =
  | { readonly kind: 'written'; readonly node: SeiNode }
  | { readonly kind: 'unchanged'; readonly node: SeiNode }
  /** The node is missing, or is another one of its name. */
  | { readonly kind: 'gone' };

/** The run is the only steady writer of its node: more conflicts in a row are not met by chance. */
const MAX_LIVE_ATTEMPTS = 5;

/**
 * Reads, decides and writes a node's status in one attempt. `decide` may be called several times, each
 * time with a newer node; undefined, or a status equal to the node's, means that nothing is to be
 * written. `observedGeneration` is set to the generation of the node that was decided from.
 *
 * "Nothing to write" and "gone" are only ever concluded from a live read.
 *
 * @throws the conflict, which is worth a retry, when others keep writing in between.
 */
export async function updateNodeStatus(
  deps: NodeStatusDeps,
  ref: NodeRef,
  decide: (node: SeiNode) => SeiNodeStatus | undefined,
): Promise<UpdateStatusResult> {
  const cached = deps.cache?.node(ref);
  if (cached?.metadata.uid === ref.uid) {
    const attempt = await writeDecision(deps.api, cached, decide);
    if (attempt.kind === 'written') return attempt;
  }
  for (let attempts = 1; ; attempts += 1) {
    const node = await deps.api.getNode(ref);
    if (node?.metadata.uid !== ref.uid) return { kind: 'gone' };
    const attempt = await writeDecision(deps.api, node, decide);
    if (attempt.kind !== 'refused') return attempt;
    if (attempts === MAX_LIVE_ATTEMPTS) throw attempt.conflict;
  }
}

type WriteAttempt =
  | { readonly kind: 'written'; readonly node: SeiNode }
  | { readonly kind: 'unchanged'; readonly node: SeiNode }
  | { readonly kind: 'refused'; readonly conflict: unknown };

async function writeDecision(
  api: Pick<ClusterApi, 'patchNodeStatus'>,
  before: SeiNode,
  decide: (node: SeiNode) => SeiNodeStatus | undefined,
): Promise<WriteAttempt> {
  const decided = decide(before);
  if (decided === undefined) return { kind: 'unchanged', node: before };
  const status = { ...decided, observedGeneration: before.metadata.generation };
  if (statusPatch(before.status, status) === undefined) return { kind: 'unchanged', node: before };
  try {
    return { kind: 'written', node: await api.patchNodeStatus(before, status) };
  } catch (error) {
    // Not found: deleted since it was read, which the next live read tells.
    if (isConflict(error) || isNotFound(error)) return { kind: 'refused', conflict: error };
    throw error;
  }
}
