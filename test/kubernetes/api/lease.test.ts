import { describe, expect, it } from 'vitest';

import { ApiError } from '../../../kubernetes/api/api-error.ts';
import type { ApiRequest } from '../../../kubernetes/api/client.ts';
import { createLeaseApi } from '../../../kubernetes/api/lease.ts';

const PATH = '/apis/coordination.k8s.io/v1/namespaces/ops/leases';
const spec = {
  holderIdentity: 'a',
  leaseDurationSeconds: 10,
  acquireTime: '2026-11-21T04:00:00.000000Z',
  renewTime: '2026-11-21T04:00:02.000000Z',
  leaseTransitions: 2,
};
const metadata = { namespace: 'ops', name: 'watcher', uid: 'u', resourceVersion: '7' };
const { signal } = new AbortController();

function leases(answer: () => unknown) {
  const sent: ApiRequest[] = [];
  const api = createLeaseApi(
    {
      send: async (request) => {
        sent.push(request);
        return answer();
      },
    },
    { namespace: 'ops', name: 'watcher' },
  );
  return { api, sent };
}

const refuse = (code: number, status: object) => () => {
  throw new ApiError(code, JSON.stringify(status));
};

describe('createLeaseApi', () => {
  it('reads what the Lease says', async () => {
    const { api, sent } = leases(() => ({ metadata, spec }));
    expect(await api.get(signal)).toEqual({ resourceVersion: '7', record: spec });
    expect(sent).toEqual([{ method: 'GET', path: `${PATH}/watcher`, signal }]);
  });

  it('finds none where there is none, and tells a refusal from that', async () => {
    const missing = leases(refuse(404, { reason: 'NotFound', details: { name: 'watcher' } }));
    expect(await missing.api.get(signal)).toBeUndefined();
    const forbidden = leases(refuse(403, { message: 'forbidden' }));
    await expect(forbidden.api.get(signal)).rejects.toThrow('forbidden');
  });

  it('takes a Lease that says nothing for one that nobody holds', async () => {
    const { api } = leases(() => ({ metadata, spec: {} }));
    expect((await api.get(signal))?.record).toMatchObject({ holderIdentity: '' });
  });

  it('creates it by its name', async () => {
    const { api, sent } = leases(() => ({ metadata, spec }));
    await api.create(spec, signal);
    expect(sent).toMatchObject([
      { method: 'POST', path: PATH, body: { kind: 'Lease', metadata: { name: 'watcher' }, spec } },
    ]);
  });

  it('writes only the version that it was decided from', async () => {
    const { api, sent } = leases(() => ({ metadata, spec }));
    await api.update('6', spec, signal);
    expect(sent).toMatchObject([
      {
        method: 'PATCH',
        path: `${PATH}/watcher`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { resourceVersion: '6' }, spec },
      },
    ]);
  });
});
