import type { ObjectKey } from './node-ref.ts';
import type { OwnerView } from './owner-view.ts';

/** A live object as far as drift is concerned. */
export interface LiveObject extends ObjectKey {
  readonly uid: string;
  readonly resourceVersion: string;
  /** True while it is being deleted. */
  readonly terminating: boolean;
  /** The value of label `sei.io/node`. */
  readonly node: string | undefined;
  readonly owners: readonly OwnerView[];
  /** Label `sei.io/node`, and a few more, by which people know whose it is. */
  readonly labels: Readonly<Record<string, string>>;
  /** The same of the labels that a StatefulSet selects by; empty for other kinds. */
  readonly selector: Readonly<Record<string, string>>;
  /** Whether our field manager has applied it: the operator's, or the original's of the same name. */
  readonly isApplied: boolean;
  readonly content: LiveContent;
}

/** What rendered fields are compared with; what is known not to be kept counts as drifted. */
export type LiveContent =
  /**
   * JSON of `{ metadata: { labels, annotations, ownerReferences }, spec, data }`, of the annotations ours.
   * One string, because thousands of parsed objects weigh many times more, and each is looked at only when
   * something about its node changes.
   */
  | { readonly kind: 'kept'; readonly json: string }
  /**
   * A known SeiNode's, of which no more than its metadata was read: not yet, or because nobody compares it.
   * It may be as it should be.
   */
  | { readonly kind: 'unread' }
  /** No known SeiNode controls the object, or it is none of those that a SeiNode consists of. */
  | { readonly kind: 'foreign' }
  /** More than anything that is rendered: most of it is somebody else's. */
  | { readonly kind: 'too-large' };

/** In characters. The largest spec that the CRD takes renders to less. */
export const LARGEST_CONTENT = 128 * 1024;

/** By so many labels beside our own people are told whose an object is. */
export const MOST_LABELS = 3;
