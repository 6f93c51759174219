import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { KindNames } from '../../domain/run/kind-names.ts';
import type { SearchAttribute } from '../../domain/run/search-attribute.ts';

/** An object with runs. */
export interface RunObject {
  readonly metadata: ObjectKey & { readonly uid: string; readonly generation: number };
}

/** A kind of object with runs, with what the client of runs needs to know of it. */
export interface RunKind<O extends RunObject> {
  readonly names: KindNames;
  /** The workflow type that takes a command if no run is open, and then finds out what is due. */
  readonly steeredBy: string;
  /** The attributes with which its runs start. */
  readonly searchAttributes: (object: O) => Readonly<Partial<Record<SearchAttribute, string>>>;
}

/** Due work on an object. */
export interface RunWork<Type extends string = string> {
  /** The workflow type that does it. */
  readonly type: Type;
  /** A text that stays the same while the same is due. */
  readonly why: string;
  /** Names the very same work; earlier runs for it are counted by this name. */
  readonly sameAs: string;
  /** The due work in the signal to an open run. */
  readonly observedDue: Type | 'nothing';
  /** One line of the Web UI's list; it stays as it was when the run began. */
  readonly summary: string;
}
