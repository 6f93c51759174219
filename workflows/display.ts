import { setCurrentDetails } from '@temporalio/workflow';

import type { NodeRef } from '../domain/node/node-ref.ts';
import type { RunProgress } from '../domain/run/node-run.ts';
import { runDetails } from '../domain/run/run-details.ts';
import type { SearchAttribute } from '../domain/run/search-attribute.ts';
import { setSearchAttributes } from './search-attributes.ts';

/** The part of `RunProgress` that changes as the run works. */
export type Progress = Omit<RunProgress, 'node' | 'failures' | 'held'>;

/** Shows a run to people: in its query, its details and its search attributes. */
export class Display {
  readonly #node: NodeRef;
  #progress: Progress = {
    target: undefined,
    previousImage: undefined,
    step: undefined,
    waitingFor: undefined,
    since: new Date().toISOString(),
    lastError: undefined,
    heldBy: undefined,
  };

  constructor(node: NodeRef) {
    this.#node = node;
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Shows the changes. All attributes are set in one call, because each call is an event of the history. */
  show(
    progress: Partial<Omit<Progress, 'since'>>,
    attributes: Partial<Record<SearchAttribute, string>>,
    failures: number,
  ): void {
    const { step } = progress;
    const moved = step !== undefined && step !== this.#progress.step;
    const waits = 'waitingFor' in progress && progress.waitingFor !== this.#progress.waitingFor;
    this.#progress = {
      ...this.#progress,
      ...progress,
      ...((moved || waits) && { since: new Date().toISOString() }),
    };
    setCurrentDetails(runDetails(this.#node, failures, this.#progress));
    setSearchAttributes({ ...(moved && { step }), ...attributes });
  }
}
