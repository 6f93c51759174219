import { asyncLocalStorage, CancelledFailure, Context } from '@temporalio/activity';
import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';

import type { Agenda } from './agenda.ts';

/** One attempt at an activity, as the activity sees it. */
export class Attempt {
  readonly number: number;
  readonly #agenda: Agenda;
  readonly #onHang: () => void;
  readonly #cancellation = Promise.withResolvers<never>();
  #cancelled = false;
  #ended = false;
  #waits = 0;

  constructor(agenda: Agenda, number: number, onHang: () => void) {
    this.#agenda = agenda;
    this.number = number;
    this.#onHang = onHang;
    // Most activities never look at it.
    this.#cancellation.promise.catch(() => undefined);
  }

  /** Returns whether nothing happens in it until virtual time moves on, or it is cancelled. */
  get isIdle(): boolean {
    return this.#ended || this.#waits > 0;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  async run(activity: (input: unknown) => Promise<unknown>, input: unknown): Promise<unknown> {
    try {
      return await asyncLocalStorage.run(this.#context(), () => activity(input));
    } finally {
      this.#ended = true;
    }
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#cancellation.reject(new CancelledFailure('CANCELLED'));
  }

  async takes(milliseconds: number): Promise<void> {
    await this.#wait(
      new Promise((resolve) => {
        this.#agenda.after(milliseconds, () => resolve(undefined));
      }),
    );
  }

  async waits(milliseconds: number): Promise<void> {
    await this.#wait(Promise.race([this.takes(milliseconds), this.#cancellation.promise]));
  }

  untilCancelled(): Promise<never> {
    return this.#wait(this.#cancellation.promise);
  }

  hangs(): Promise<never> {
    this.#onHang();
    return this.#wait(new Promise<never>(() => undefined));
  }

  async #wait<T>(promise: Promise<T>): Promise<T> {
    this.#waits += 1;
    try {
      return await promise;
    } finally {
      this.#waits -= 1;
    }
  }

  /** Makes the `Context.current()` that activities of the SDK's own kind ask for. */
  #context(): Context {
    return Object.create(Context.prototype, {
      attempt: { value: this },
      cancelled: { get: () => this.untilCancelled() },
      heartbeat: { value: () => undefined },
    }) as Context;
  }
}

function current(): Attempt {
  return (Context.current() as Context & { readonly attempt: Attempt }).attempt;
}

/** Returns, within an activity, which attempt it is, from 1 on. */
export function attemptNumber(): number {
  return current().number;
}

/**
 * Keeps an activity busy for that long: it heartbeats, and does not look at a cancellation. To be called in an
 * activity.
 */
export function takes(duration: Duration): Promise<void> {
  return current().takes(msToNumber(duration));
}

/** Lets an activity wait and heartbeat; a cancellation ends the wait with its failure. To be called in an activity. */
export function waits(duration: Duration): Promise<void> {
  return current().waits(msToNumber(duration));
}

/**
 * Lets an activity wait and heartbeat until `isTrue`, looked at each second, or a cancellation. To be called in one.
 */
export async function waitsUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await waits('1 second');
}

/** Lets an activity wait and heartbeat until it is cancelled. To be called in an activity. */
export function untilCancelled(): Promise<never> {
  return current().untilCancelled();
}

/** Makes an activity hang: it neither heartbeats nor ends. Only a time-out ends it. To be called in an activity. */
export function hangs(): Promise<never> {
  return current().hangs();
}
