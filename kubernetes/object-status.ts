import type { ObjectKey } from '../domain/node/node-ref.ts';
import { classifyApiError, isConflict, isNotFound } from './api/errors.ts';
import type { OwnedFields } from './status-patch.ts';
import { patchOfOwned } from './status-patch.ts';

/** A kind of object: access to one, and the rules of every write of its status. */
export interface StatusKind<O extends ObjectWithStatus<Status>, Status extends object> {
  /** Saves a request: if the cache is behind, the write is refused and decided again from a live read. */
  readonly cached: (key: ObjectKey) => O | undefined;
  readonly get: (key: ObjectKey) => Promise<O | undefined>;
  /** Refused with a conflict if the object is no longer at the resourceVersion of `before`. */
  readonly patchStatus: (before: O, status: Status) => Promise<O>;
  readonly ownedFields: OwnedFields<Status>;
  /** Adds the parts that follow from a decided status. */
  readonly derive: (before: O, decided: Status) => Status;
  /** Drops the texts that came from outside. */
  readonly withoutTexts: (status: Status) => Status;
}

interface ObjectWithStatus<Status> {
  readonly metadata: { readonly uid: string };
  readonly status?: Status;
}

/** The status to be written, if any, and the answer of the decision for the caller. */
export interface StatusDecision<Status, Answer> {
  /** Undefined, or equal to the object's status: nothing is written. */
  readonly status: Status | undefined;
  readonly answer: Answer;
}

export type DecideStatusResult<O, Answer> =
  | { readonly kind: 'written' | 'unchanged'; readonly object: O; readonly answer: Answer }
  /** The object is missing, or is another one of its name. */
  | { readonly kind: 'gone' };

/** The run is the only steady writer of its object: more conflicts in a row are no coincidence. */
const MAX_LIVE_ATTEMPTS = 5;

/**
 * Reads, decides and writes the status of an object in one attempt. `decide` may be called several times, each time
 * with a newer object; the result has the answer of the call that counted.
 *
 * "Nothing to write" and "gone" are only ever concluded from a live read.
 *
 * @throws the conflict, which is worth a retry, if others keep writing in between.
 */
export async function decideStatus<
  O extends ObjectWithStatus<Status>,
  Status extends object,
  Answer,
>(
  kind: StatusKind<O, Status>,
  ref: ObjectKey & { readonly uid: string },
  decide: (object: O) => StatusDecision<Status, Answer>,
): Promise<DecideStatusResult<O, Answer>> {
  const cached = kind.cached(ref);
  if (cached?.metadata.uid === ref.uid) {
    const attempt = await writeDecision(kind, cached, decide(cached));
    if (attempt.kind === 'written') return attempt;
  }
  for (let attempts = 1; ; attempts += 1) {
    const object = await kind.get(ref);
    if (object?.metadata.uid !== ref.uid) return { kind: 'gone' };
    const attempt = await writeDecision(kind, object, decide(object));
    if (attempt.kind !== 'refused') return attempt;
    if (attempts === MAX_LIVE_ATTEMPTS) throw attempt.conflict;
  }
}

type WriteAttempt<O, Answer> =
  | Exclude<DecideStatusResult<O, Answer>, { kind: 'gone' }>
  | { readonly kind: 'refused'; readonly conflict: unknown };

async function writeDecision<O extends ObjectWithStatus<Status>, Status extends object, Answer>(
  kind: StatusKind<O, Status>,
  before: O,
  { status: decided, answer }: StatusDecision<Status, Answer>,
): Promise<WriteAttempt<O, Answer>> {
  const unchanged = { kind: 'unchanged', object: before, answer } as const;
  if (decided === undefined) return unchanged;
  const status = kind.derive(before, decided);
  if (patchOfOwned(kind.ownedFields, before.status, status) === undefined) return unchanged;
  try {
    return { kind: 'written', object: await writeStatus(kind, before, status), answer };
  } catch (err) {
    // Not found: deleted since it was read, as the next live read shows.
    if (isConflict(err) || isNotFound(err)) return { kind: 'refused', conflict: err };
    throw err;
  }
}

/**
 * Writes a status. If the API server refuses it for its content, writes it without the texts that came from outside: an
 * overlong word must not prevent an object from showing its reason.
 */
async function writeStatus<O extends ObjectWithStatus<Status>, Status extends object>(
  kind: StatusKind<O, Status>,
  before: O,
  status: Status,
): Promise<O> {
  try {
    return await kind.patchStatus(before, status);
  } catch (err) {
    if (classifyApiError(err).kind !== 'invalid') throw err;
    return await kind.patchStatus(before, kind.withoutTexts(status));
  }
}
