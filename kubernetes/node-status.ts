import type { NodeRef } from '../domain/node-ref.ts';
import { withReady } from '../domain/readiness.ts';
import type { SeiNodeStatus } from '../domain/sei-node-status.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import { isStillForeign } from '../domain/take-over.ts';
import { withoutTexts } from '../domain/without-texts.ts';
import { classifyApiError, isConflict, isNotFound } from './api/errors.ts';
import type { ClusterApi, ClusterCache } from './cluster.ts';
import { statusPatch } from './status-patch.ts';

export interface NodeStatusDeps {
  readonly api: Pick<ClusterApi, 'getNode' | 'patchNodeStatus'>;
  /** Saves a request: where it is behind, the write is refused and decided again from a live read. */
  readonly cache?: Pick<ClusterCache, 'node'>;
  /** The clock of the transition times. */
  readonly now: () => Date;
}

/** What is to be written, if anything, and what the caller wants to know of the decision. */
export interface StatusDecision<Answer> {
  /** Undefined, or a status equal to the node's: nothing is written. */
  readonly status: SeiNodeStatus | undefined;
  readonly answer: Answer;
}

export type DecideStatusResult<Answer> =
  | { readonly kind: 'written'; readonly node: SeiNode; readonly answer: Answer }
  | { readonly kind: 'unchanged'; readonly node: SeiNode; readonly answer: Answer }
  /** The node is missing, or is another one of its name. */
  | { readonly kind: 'gone' };

export type UpdateStatusResult = DecideStatusResult<undefined>;

/** The run is the only steady writer of its node: more conflicts in a row are not met by chance. */
const MAX_LIVE_ATTEMPTS = 5;

/**
 * Reads, decides and writes a node's status in one attempt. `decide` may be called several times, each
 * time with a newer node; the answer of the call that counted comes back. `observedGeneration` and
 * condition Ready are set here, for every writer: the generation is that of the node that was decided
 * from, and Ready follows from the rest of the status.
 *
 * "Nothing to write" and "gone" are only ever concluded from a live read.
 *
 * @throws the conflict, which is worth a retry, when others keep writing in between.
 */
export async function decideNodeStatus<Answer>(
  deps: NodeStatusDeps,
  ref: NodeRef,
  decide: (node: SeiNode) => StatusDecision<Answer>,
): Promise<DecideStatusResult<Answer>> {
  const cached = deps.cache?.node(ref);
  if (cached?.metadata.uid === ref.uid) {
    const attempt = await writeDecision(deps, cached, decide);
    if (attempt.kind === 'written') return attempt;
  }
  for (let attempts = 1; ; attempts += 1) {
    const node = await deps.api.getNode(ref);
    if (node?.metadata.uid !== ref.uid) return { kind: 'gone' };
    const attempt = await writeDecision(deps, node, decide);
    if (attempt.kind !== 'refused') return attempt;
    if (attempts === MAX_LIVE_ATTEMPTS) throw attempt.conflict;
  }
}

/** The same for a caller that wants to know nothing but whether the status was written. */
export function updateNodeStatus(
  deps: NodeStatusDeps,
  ref: NodeRef,
  decide: (node: SeiNode) => SeiNodeStatus | undefined,
): Promise<UpdateStatusResult> {
  return decideNodeStatus(deps, ref, (node) => ({ status: decide(node), answer: undefined }));
}

type WriteAttempt<Answer> =
  | Exclude<DecideStatusResult<Answer>, { kind: 'gone' }>
  | { readonly kind: 'refused'; readonly conflict: unknown };

async function writeDecision<Answer>(
  { api, now }: NodeStatusDeps,
  before: SeiNode,
  decide: (node: SeiNode) => StatusDecision<Answer>,
): Promise<WriteAttempt<Answer>> {
  const { status: decided, answer } = decide(before);
  if (decided === undefined) return { kind: 'unchanged', node: before, answer };
  const status = {
    ...withReady(before, decided, now().toISOString()),
    // By this it is known whose the node is.
    ...(!isStillForeign(before, decided) && { observedGeneration: before.metadata.generation }),
  };
  if (statusPatch(before.status, status) === undefined) {
    return { kind: 'unchanged', node: before, answer };
  }
  try {
    return { kind: 'written', node: await writeStatus(api, before, status), answer };
  } catch (err) {
    // Not found: deleted since it was read, which the next live read tells.
    if (isConflict(err) || isNotFound(err)) return { kind: 'refused', conflict: err };
    throw err;
  }
}

/**
 * Writes a status. One that the API server refuses for its content is written without the texts that
 * came from outside: a word too long must not keep a node from saying its reason.
 */
async function writeStatus(
  api: NodeStatusDeps['api'],
  before: SeiNode,
  status: SeiNodeStatus,
): Promise<SeiNode> {
  try {
    return await api.patchNodeStatus(before, status);
  } catch (err) {
    if (classifyApiError(err).kind !== 'invalid') throw err;
    return await api.patchNodeStatus(before, withoutTexts(status));
  }
}
