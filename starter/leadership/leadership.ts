/** Begins a term; returns what ends it, which resolves when nothing of it is under way any more. */
export type Lead = () => () => Promise<void>;

/** Whether this process is the one that reports what changes. */
export interface Leadership {
  readonly isLeading: () => boolean;
  /** Ceases to lead, and lets another begin at once. */
  stop(): Promise<void>;
}
