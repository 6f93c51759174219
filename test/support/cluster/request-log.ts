import type { ObjectKey } from '../../../domain/node/node-ref.ts';
import { keyOf } from '../../../domain/node/node-ref.ts';
import { TransportError } from '../../../kubernetes/api/errors.ts';
import type { ClusterApi } from '../../../kubernetes/cluster.ts';
import type { Versions } from './object-table.ts';

export type Method = keyof ClusterApi;

export interface RecordedRequest {
  readonly method: Method;
  /** `namespace/name` */
  readonly object: string;
  /** True if it changed anything in the cluster, whatever answer the caller got. */
  readonly changed: boolean;
}

/** Chooses a request: the next one of a method, or the nth (from 0) of all to come. */
export type Which = Method | number;

interface Interference {
  readonly which: Method | undefined;
  /** The number of requests that are let through before it. */
  skips: number;
  /** The caller gets only what this throws; the request has no effect then. */
  readonly there?: () => unknown;
  /** The caller gets only what this throws; the request has had its effect. */
  readonly back?: () => unknown;
  /** Answers in place of the cluster. */
  readonly instead?: () => unknown;
}

/** Records every request, and interferes with those to come. */
export class RequestLog {
  readonly all: RecordedRequest[] = [];
  readonly #versions: Versions;
  #interferences: Interference[] = [];

  constructor(versions: Versions) {
    this.#versions = versions;
  }

  /** Returns the requests that changed something: the writes that matter. */
  get changes(): readonly RecordedRequest[] {
    return this.all.filter(({ changed }) => changed);
  }

  of(...methods: readonly Method[]): readonly RecordedRequest[] {
    return this.all.filter(({ method }) => methods.includes(method));
  }

  clear(): void {
    this.all.length = 0;
  }

  /** Fails the request without effect. */
  refuse(which: Which, error: Error): void {
    this.#interfere(which, {
      there: () => {
        throw error;
      },
    });
  }

  /** Gives the request its effect, and loses the answer. */
  loseAnswer(which: Which): void {
    this.#interfere(which, {
      back: () => {
        throw new TransportError('the connection broke before the answer');
      },
    });
  }

  /** Answers a read with an earlier state, as an API server that lags behind does. */
  answerWith(which: Which, answer: unknown): void {
    this.#interfere(which, { instead: () => answer });
  }

  /** Lets somebody else act right before the request has its effect. */
  before(which: Which, act: () => unknown): void {
    this.#interfere(which, { there: act });
  }

  /** Performs a request. It has its effect at once, but is answered in a later turn. */
  async perform<T>(method: Method, object: ObjectKey, effect: () => T): Promise<T> {
    const interference = this.#take(method);
    let changed = false;
    try {
      interference?.there?.();
      const before = this.#versions.current;
      const result = interference?.instead === undefined ? effect() : (interference.instead() as T);
      changed = this.#versions.current !== before;
      interference?.back?.();
      return await Promise.resolve(result);
    } finally {
      this.all.push({ method, object: keyOf(object), changed });
    }
  }

  #interfere(which: Which, hooks: Omit<Interference, 'which' | 'skips'>): void {
    const [method, skips] = typeof which === 'number' ? [undefined, which] : [which, 0];
    this.#interferences.push({ which: method, skips, ...hooks });
  }

  #take(method: Method): Interference | undefined {
    const found = this.#interferences.find(
      ({ which, skips }) => which === method || (which === undefined && skips === 0),
    );
    for (const other of this.#interferences) if (other.which === undefined) other.skips -= 1;
    this.#interferences = this.#interferences.filter((other) => other !== found);
    return found;
  }
}
