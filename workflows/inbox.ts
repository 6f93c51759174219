import { log, setHandler } from '@temporalio/workflow';

import type { NodeRef } from '../domain/node/node-ref.ts';
import type { KindNames } from '../domain/run/kind-names.ts';
import type { Observed } from '../domain/run/node-run.ts';
import { readObserved } from '../domain/run/read-observed.ts';
import { observedSignal } from './messages.ts';

interface Listener {
  /** Called when a signal reports a change of the node. */
  readonly change: () => void;
  /** Called with each signal about the node. Returns whether it is news. */
  readonly told: (observed: Observed<string>) => boolean;
  /** Called when a signal names another node of this name. */
  readonly anotherUid: () => void;
}

/**
 * Receives the signals about the run's node. It only ever records, and it records hints: anybody can send them. So each
 * hint costs at most one read of the node, and only that read decides what is done.
 */
export class Inbox {
  readonly #ref: NodeRef;
  readonly #names: KindNames;
  readonly #on: Listener;
  #changes = 0;
  #hasUnreadChange = false;
  #lastTold: string = 'nothing';
  #lastGeneration = 0;
  /** The newest generation that a read has shown. */
  #confirmedGeneration = 0;
  /** The newest generation that anybody has signalled since a read; it may be made up. */
  #hintedGeneration = 0;
  #hints = 0;

  constructor(ref: NodeRef, names: KindNames, on: Listener) {
    this.#ref = ref;
    this.#names = names;
    this.#on = on;
  }

  /** Receives messages from here on. Messages that wait already are delivered at once. */
  open(): void {
    setHandler(observedSignal, (message) => this.#receive(message), {
      description: 'The watcher saw the node change. Sent by the watcher.',
    });
  }

  get changes(): number {
    return this.#changes;
  }

  /** True if a signal has reported a change that may call for work since the last read of the node. */
  get hasUnreadChange(): boolean {
    return this.#hasUnreadChange;
  }

  /** The due work that the watcher reported with the last change. */
  get lastTold(): string {
    return this.#lastTold;
  }

  get confirmedGeneration(): number {
    return this.#confirmedGeneration;
  }

  /** The newest generation, signalled or read: a signalled one counts until a read has confirmed or refuted it. */
  get hintedGeneration(): number {
    return Math.max(this.#hintedGeneration, this.#confirmedGeneration);
  }

  /** Marks all messages so far as covered by a read. Callers call it right before they read the node. */
  markRead(): void {
    this.#hasUnreadChange = false;
  }

  /**
   * Records the generation that a read of the current node shows. It may be smaller than one that an earlier read has
   * shown: a restored cluster counts on from its backup.
   */
  async confirming<T extends { readonly generation: number } | undefined>(
    read: (atLeastGeneration: number) => Promise<T>,
  ): Promise<T> {
    const hints = this.#hints;
    const now = await read(this.hintedGeneration);
    if (now !== undefined) this.#confirmedGeneration = now.generation;
    // The answer covers all hints from before the read: either it contains them, or they were not true.
    if (this.#hints === hints) this.#hintedGeneration = 0;
    return now;
  }

  /** Records a generation that a read has shown. */
  confirm(generation: number): void {
    this.#confirmedGeneration = Math.max(this.#confirmedGeneration, generation);
  }

  #receive(message: unknown): void {
    const read = readObserved(this.#names, message, this.#ref);
    if (read.kind === 'misfit') {
      log.warn('ignored the signal `observed`', { why: read.why });
      return;
    }
    const observed = read.value;
    if (observed.node.uid !== this.#ref.uid) {
      this.#on.anotherUid();
      return;
    }
    const isNews = this.#on.told(observed);
    if (observed.cause === 'resync' && !isNews) return;
    const { generation, due } = observed;
    const isNewer = generation > this.#confirmedGeneration;
    if (isNewer) {
      this.#hints += 1;
      this.#hintedGeneration = Math.max(this.#hintedGeneration, generation);
    }
    this.#changes += 1;
    this.#lastTold = due;
    // The echo of the run's own last write says that nothing is due, and needs no further read.
    if (due !== 'nothing' || (isNewer && generation !== this.#lastGeneration)) {
      this.#hasUnreadChange = true;
    }
    this.#lastGeneration = generation;
    this.#on.change();
  }
}
