import type { NodeRef } from '../domain/node/node-ref.ts';
import type { SeiNodeStatus } from '../domain/node/sei-node-status.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { withoutTexts } from '../domain/node/without-texts.ts';
import { isStillForeign } from '../domain/plan/take-over.ts';
import { withReady } from '../domain/status/readiness.ts';
import type { ClusterApi, ClusterCache } from './cluster.ts';
import type { StatusDecision, StatusKind } from './object-status.ts';
import { decideStatus } from './object-status.ts';
import { NODE_STATUS_FIELDS } from './status-patch.ts';

export interface NodeStatusDeps {
  readonly api: Pick<ClusterApi, 'getNode' | 'patchNodeStatus'>;
  readonly cache?: Pick<ClusterCache, 'node'>;
  /** The clock of the transition times. */
  readonly now: () => Date;
}

export type DecideNodeStatusResult<Answer> =
  | { readonly kind: 'written' | 'unchanged'; readonly node: SeiNode; readonly answer: Answer }
  /** The node is missing, or is another one of its name. */
  | { readonly kind: 'gone' };

/**
 * Sets `observedGeneration` and condition Ready here, for every writer: the generation is that of the node that the
 * decision was made from, and Ready follows from the rest of the status.
 */
function nodeStatus({ api, cache, now }: NodeStatusDeps): StatusKind<SeiNode, SeiNodeStatus> {
  return {
    cached: (key) => cache?.node(key),
    get: (key) => api.getNode(key),
    patchStatus: (before, status) => api.patchNodeStatus(before, status),
    ownedFields: NODE_STATUS_FIELDS,
    derive: (before, decided) => ({
      ...withReady(before, decided, now().toISOString()),
      // This field shows which operator has the node.
      ...(!isStillForeign(before, decided) && { observedGeneration: before.metadata.generation }),
    }),
    withoutTexts,
  };
}

/** Reads, decides and writes a node's status in one attempt; see `decideStatus`. */
export async function decideNodeStatus<Answer>(
  deps: NodeStatusDeps,
  ref: NodeRef,
  decide: (node: SeiNode) => StatusDecision<SeiNodeStatus, Answer>,
): Promise<DecideNodeStatusResult<Answer>> {
  const result = await decideStatus(nodeStatus(deps), ref, decide);
  if (result.kind === 'gone') return result;
  return { kind: result.kind, node: result.object, answer: result.answer };
}

/** Does the same for a caller that needs no answer from the decision. */
export function updateNodeStatus(
  deps: NodeStatusDeps,
  ref: NodeRef,
  decide: (node: SeiNode) => SeiNodeStatus | undefined,
): Promise<DecideNodeStatusResult<undefined>> {
  return decideNodeStatus(deps, ref, (node) => ({ status: decide(node), answer: undefined }));
}
