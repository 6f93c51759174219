import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { SearchAttribute } from '../../domain/run/search-attribute.ts';

/** An object that runs work on. */
export interface RunObject {
  readonly metadata: ObjectKey & { readonly uid: string; readonly generation: number };
}

/** A kind of object with runs, as far as the client of runs has to know it. */
export interface RunKind<O extends RunObject> {
  /** One for all the work on an object: Temporal admits one open run for it. */
  readonly workflowId: (cluster: string, object: ObjectKey) => string;
  /** The workflow type that takes a command where no run is open, and finds out what is due then. */
  readonly steeredBy: string;
  /** Those that its runs start with. */
  readonly searchAttributes: (object: O) => Readonly<Partial<Record<SearchAttribute, string>>>;
}

/** Work that is due on an object. */
export interface RunWork<Type extends string = string> {
  /** The workflow type that does it. */
  readonly type: Type;
  /** The same text for as long as the same is due. */
  readonly why: string;
  /** Names the very same work: runs that were started for it before are counted by this. */
  readonly sameAs: string;
  /** What an open run is signalled to be due. */
  readonly observedDue: Type | 'nothing';
  /** One line of the Web UI's list; it stays as it was when the run began. */
  readonly summary: string;
}
