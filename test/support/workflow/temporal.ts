import { inject } from 'vitest';

export interface SharedTemporal {
  readonly address: string;
  /** The Temporal namespace. */
  readonly namespace: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly temporal: SharedTemporal;
  }
}

/** Returns the one Temporal server of the project `workflows`; take a task queue of your own there. */
export function sharedTemporal(): SharedTemporal {
  return inject('temporal');
}
