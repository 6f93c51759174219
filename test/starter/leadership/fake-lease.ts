import { ApiError } from '../../../kubernetes/api/api-error.ts';
import { TransportError } from '../../../kubernetes/api/errors.ts';
import type { Lease, LeaseApi, LeaseRecord } from '../../../kubernetes/api/lease.ts';

/** How the API server answers in place of the truth. */
type Trouble = 'away' | 'silent' | 'silent after the effect' | 'forbidden';

/** One Lease in an API server of its own, with the versions and refusals of a real one. */
export class FakeLease {
  readonly key = { namespace: 'ops', name: 'seinode-watcher' };
  lease: Lease | undefined;
  /** What was asked, in order: `get`, or who wrote. */
  readonly requests: string[] = [];
  #version = 0;

  /** The Lease as one candidate reaches it. @param trouble asked before each request */
  reachedBy(trouble: () => Trouble | undefined = () => undefined): LeaseApi {
    const request = async <T>(what: string, signal: AbortSignal, act: () => T): Promise<T> => {
      this.requests.push(what);
      switch (trouble()) {
        case 'away':
          throw new TransportError('connection refused');
        case 'forbidden':
          throw refusal(403, 'Forbidden', 'leases is forbidden');
        case 'silent':
          return await never(signal);
        case 'silent after the effect':
          act();
          return await never(signal);
        case undefined:
          return act();
      }
    };
    return {
      key: this.key,
      get: (signal) => request('get', signal, () => this.lease),
      create: (record, signal) =>
        request(`create ${record.holderIdentity}`, signal, () => {
          if (this.lease !== undefined) throw refusal(409, 'AlreadyExists', 'it exists');
          return this.#write(record);
        }),
      update: (version, record, signal) =>
        request(`write ${record.holderIdentity}`, signal, () => {
          if (this.lease?.resourceVersion !== version) throw refusal(409, 'Conflict', 'modified');
          return this.#write(record);
        }),
    };
  }

  /** As somebody else writes it. */
  edit(change: Partial<LeaseRecord>): void {
    if (this.lease !== undefined) this.#write({ ...this.lease.record, ...change });
  }

  #write(record: LeaseRecord): Lease {
    this.#version += 1;
    this.lease = { resourceVersion: String(this.#version), record };
    return this.lease;
  }
}

function refusal(code: number, reason: string, message: string): ApiError {
  return new ApiError(code, JSON.stringify({ kind: 'Status', reason, message, code }));
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
