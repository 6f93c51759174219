import { inject } from 'vitest';

import type { Binaries } from '../../../devcluster/binaries/tool.ts';
import type { Devcluster } from '../../../devcluster/instance/devcluster.ts';
import { readInstanceState } from '../../../devcluster/instance/instance-state.ts';
import { openDevcluster } from '../../../devcluster/instance/open-devcluster.ts';

/** The facts by which another process opens the instance that the project's setup brought up. */
export interface DevclusterFacts {
  readonly name: string;
  readonly binaries: Binaries;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly devcluster: DevclusterFacts;
    /** The Temporal server of the project. */
    readonly temporalServer: 'dev-server' | 'postgres';
  }
}

/**
 * Returns the one devcluster of the project, with the CRD installed; take a namespace of your own there. To stop
 * one of its servers, bring up an instance of your own: others are using this one.
 */
export function sharedDevcluster(): Devcluster {
  const { name, binaries } = inject('devcluster');
  const state = readInstanceState(name);
  if (state === undefined) throw new Error(`Devcluster ${name} was taken down under its tests`);
  return openDevcluster(state, binaries);
}

/** Returns the store of a Temporal server that tests stop and start, and that keeps its state meanwhile. */
export function lastingStore(): 'file' | 'postgres' {
  return inject('temporalServer') === 'postgres' ? 'postgres' : 'file';
}
