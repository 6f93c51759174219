/** Begins a term; returns a function that ends it, which resolves once nothing of it is under way. */
export type Lead = () => () => Promise<void>;

/** The part of this process in the election: only the leader reports. */
export interface Leadership {
  readonly isLeading: () => boolean;
  /** Stops leading, and lets another begin at once. */
  stop(): Promise<void>;
}
