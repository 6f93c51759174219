import { log, setHandler } from '@temporalio/workflow';

import type { NodeRef } from '../domain/node/node-ref.ts';
import type { Observed } from '../domain/run/node-run.ts';
import type { Read } from '../domain/run/payload.ts';
import { observedSignal } from './messages.ts';

/** Reads a message about an object of the run's kind, whoever has sent it. */
type ReadObserved = (message: unknown, ref: NodeRef) => Read<Observed<string>>;

interface Listener {
  /** The node was told to have changed. */
  readonly change: () => void;
  /** Something was told of the node. Says whether it is news. */
  readonly told: (observed: Observed<string>) => boolean;
  /** Another node of the name was told of. */
  readonly anotherUid: () => void;
}

/**
 * What a run is told of its node. It only ever records, and what it records are hints: anybody can send
 * them, so each costs a read of the node at most, and what is done follows from that read.
 */
export class Inbox {
  readonly #ref: NodeRef;
  readonly #read: ReadObserved;
  readonly #on: Listener;
  #changes = 0;
  #hasUnreadChange = false;
  #lastTold: string = 'nothing';
  #lastGeneration = 0;
  /** The newest generation that a read has shown. */
  #confirmedGeneration = 0;
  /** The newest that anybody told of since a read; it may be made up. */
  #hintedGeneration = 0;
  #hints = 0;

  constructor(ref: NodeRef, read: ReadObserved, on: Listener) {
    this.#ref = ref;
    this.#read = read;
    this.#on = on;
  }

  /** From here on messages are taken in. Those that wait already are delivered at once. */
  open(): void {
    setHandler(observedSignal, (message) => this.#receive(message), {
      description: 'The watcher saw the node change. Sent by the watcher.',
    });
  }

  get changes(): number {
    return this.#changes;
  }

  /** Whether a change that may call for work was told of since the node was read last. */
  get hasUnreadChange(): boolean {
    return this.#hasUnreadChange;
  }

  /** What the watcher held to be due when it told of the last change. */
  get lastTold(): string {
    return this.#lastTold;
  }

  get confirmedGeneration(): number {
    return this.#confirmedGeneration;
  }

  /** The newest generation that was told of and that no read has confirmed or refuted yet, if any. */
  get hintedGeneration(): number {
    return Math.max(this.#hintedGeneration, this.#confirmedGeneration);
  }

  /** To be called right before the node is read: what was told before that, the read covers. */
  markRead(): void {
    this.#hasUnreadChange = false;
  }

  /**
   * Records the generation that the node had when it was read for what it is now. It may be a smaller one
   * than a read has shown before: a restored cluster counts on from its backup.
   */
  async confirming<T extends { readonly generation: number } | undefined>(
    read: (atLeastGeneration: number) => Promise<T>,
  ): Promise<T> {
    const hints = this.#hints;
    const now = await read(this.hintedGeneration);
    if (now !== undefined) this.#confirmedGeneration = now.generation;
    // What was told before the read is in its answer, or was not so.
    if (this.#hints === hints) this.#hintedGeneration = 0;
    return now;
  }

  /** Records a generation that a read has shown. */
  confirm(generation: number): void {
    this.#confirmedGeneration = Math.max(this.#confirmedGeneration, generation);
  }

  #receive(message: unknown): void {
    const read = this.#read(message, this.#ref);
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
    // The echo of our own last write says that nothing is due, and asks for no further read.
    if (due !== 'nothing' || (isNewer && generation !== this.#lastGeneration)) {
      this.#hasUnreadChange = true;
    }
    this.#lastGeneration = generation;
    this.#on.change();
  }
}
