import type { ObjectKey } from './node-ref.ts';

/**
 * A live object as far as drift is concerned. Kept as one string, because thousands of parsed objects
 * weigh many times more, and each is looked at only when something about its node changes.
 */
export interface LiveObject extends ObjectKey {
  readonly uid: string;
  readonly resourceVersion: string;
  /** True while it is being deleted. */
  readonly terminating: boolean;
  /** The value of label `sei.io/node`. */
  readonly node: string | undefined;
  /** Whether our field manager has applied it: the operator's, or the original's of the same name. */
  readonly isApplied: boolean;
  /** JSON of `{ metadata: { labels, annotations, ownerReferences }, spec, data }`. */
  readonly content: string;
}
