import type { ObjectKey } from '../node/node-ref.ts';
import type { OwnerView } from '../node/owner-view.ts';

/** The fields of a live object that matter for drift. */
export interface LiveObject extends ObjectKey {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly terminating: boolean;
  /** The value of label `sei.io/node`. */
  readonly node: string | undefined;
  readonly owners: readonly OwnerView[];
  /** Label `sei.io/node`, and a few more by which people recognise the object's owner. */
  readonly labels: Readonly<Record<string, string>>;
  /** The labels by which a StatefulSet selects, as few of them; empty for other kinds. */
  readonly selector: Readonly<Record<string, string>>;
  /** True if our field manager has applied it: the operator's, or the original's of the same name. */
  readonly isApplied: boolean;
  readonly content: LiveContent;
}

/** The content to compare with rendered fields; content that is known and not kept counts as drifted. */
export type LiveContent =
  /**
   * JSON of `{ metadata: { labels, annotations, ownerReferences }, spec, data }`, with our annotations
   * only. One string, because thousands of parsed objects weigh many times more, and each is compared only
   * when something about its node changes.
   */
  | { readonly kind: 'kept'; readonly json: string }
  /**
   * Only the metadata of an object of a known SeiNode was read: its content comes later, or nobody compares
   * it. It may be as rendered.
   */
  | { readonly kind: 'unread' }
  /** No known SeiNode controls the object, or SeiNodes have no object of this kind and name. */
  | { readonly kind: 'foreign' }
  /** More than anything that is rendered: somebody else wrote most of it. */
  | { readonly kind: 'too-large' };

/** In characters. The largest spec that the CRD takes renders to less. */
export const LARGEST_CONTENT = 128 * 1024;

/** The number of labels beside our own that show people whose object it is. */
export const MOST_LABELS = 3;
