import { beforeEach, describe, expect, it } from 'vitest';

import { SEI_NODE_TYPE } from '../../../domain/node/sei-node.ts';
import { ApiError } from '../../../kubernetes/api/api-error.ts';
import type { ApiRequest } from '../../../kubernetes/api/client.ts';
import { classifyApiError } from '../../../kubernetes/api/errors.ts';
import { createObjectApi } from '../../../kubernetes/api/object-api.ts';
import { PODS, STATEFUL_SETS } from '../../../kubernetes/api/resource.ts';
import { createLiveClusterApi } from '../../../kubernetes/live-cluster-api.ts';

let sent: ApiRequest[];
let answer: () => unknown;
beforeEach(() => {
  sent = [];
  answer = () => ({});
});

const connection = {
  send: async (request: ApiRequest): Promise<unknown> => {
    sent.push(request);
    return answer();
  },
};
const objects = createObjectApi(connection);
const api = createLiveClusterApi(connection);

const key = { namespace: 'ns', name: 'n0' };
const manifest = { kind: 'StatefulSet', metadata: { ...key, labels: { a: 'b' } }, spec: {} };
const refuse = (code: number, status: object) => () => {
  throw new ApiError(code, JSON.stringify(status));
};

describe('createObjectApi', () => {
  it('applies as the field manager of everything that is ours, by force', async () => {
    await objects.apply(STATEFUL_SETS, manifest);
    expect(sent).toEqual([
      {
        method: 'PATCH',
        path: '/apis/apps/v1/namespaces/ns/statefulsets/n0?fieldManager=seinode-controller&force=true',
        contentType: 'application/apply-patch+yaml',
        body: manifest,
      },
    ]);
  });

  it('patches a status by what differs', async () => {
    await objects.patchStatus(PODS, key, { status: { phase: 'Running' } });
    expect(sent).toEqual([
      {
        method: 'PATCH',
        path: '/api/v1/namespaces/ns/pods/n0/status?fieldManager=seinode-controller',
        contentType: 'application/merge-patch+json',
        body: { status: { phase: 'Running' } },
      },
    ]);
  });

  it('lists page by page, and keeps of each object only what is asked for', async () => {
    const pages = [
      { metadata: { continue: 'more' }, items: [{ metadata: { name: 'a' } }, 'no object'] },
      { metadata: { continue: '' }, items: [{ metadata: { name: 'b' } }] },
    ];
    answer = () => pages[sent.length - 1];
    const selector = { labelSelector: 'a=b' };
    expect(await objects.list(PODS, 'ns', selector, ({ metadata }) => metadata)).toEqual([
      { name: 'a' },
      { name: 'b' },
    ]);
    const list = '/api/v1/namespaces/ns/pods?labelSelector=a%3Db&limit=100';
    expect(sent.map(({ path }) => path)).toEqual([list, `${list}&continue=more`]);
  });

  it('answers undefined for an object that is not there, and only then', async () => {
    answer = refuse(404, { reason: 'NotFound', details: { name: 'n0' } });
    expect(await objects.get(PODS, key)).toBeUndefined();
    answer = refuse(404, { reason: 'NotFound', details: {} });
    await expect(objects.get(PODS, key)).rejects.toThrow('404');
    answer = () => 'not an object';
    await expect(objects.get(PODS, key)).rejects.toThrow(
      'GET /api/v1/namespaces/ns/pods/n0 was not answered with an object',
    );
  });

  it('does not write an object without a name', async () => {
    expect(() => objects.apply(STATEFUL_SETS, { kind: 'StatefulSet', metadata: {} })).toThrow(
      'A StatefulSet to be written lacks its name or its namespace',
    );
    expect(sent).toEqual([]);
  });
});

describe('createLiveClusterApi', () => {
  it('applies a StatefulSet to the very object that it was read as', async () => {
    await api.applyStatefulSet(manifest as never, 'uid-1');
    await api.applyStatefulSet(manifest as never, undefined);
    expect(sent.map(({ body }) => body)).toEqual([
      { ...manifest, metadata: { ...manifest.metadata, uid: 'uid-1' } },
      manifest,
    ]);
  });

  it('takes a StatefulSet of another UID for a conflict', async () => {
    const details = { name: 'n0', causes: [{ field: 'metadata.uid' }] };
    answer = refuse(422, { reason: 'Invalid', message: 'm', details });
    const error = await api
      .applyStatefulSet(manifest as never, 'uid-1')
      .catch((err: unknown) => err);
    expect(classifyApiError(error).kind).toBe('conflict');
  });

  it('writes a status only to the version that it was decided from', async () => {
    const metadata = { ...key, uid: 'u', generation: 2, resourceVersion: '7' };
    const node = { apiVersion: 'v', kind: 'k', metadata, spec: { chainId: 'c', image: 'i' } };
    answer = () => node;
    await api.patchNodeStatus({ ...node, status: { phase: 'Pending' } }, { phase: 'Running' });
    expect(sent[0]?.body).toEqual({
      metadata: { resourceVersion: '7' },
      status: { phase: 'Running' },
    });
  });

  it('deletes a pod only as the one, and in the state, that was seen', async () => {
    await api.deletePod({ ...key, uid: 'u', resourceVersion: '7' }, 300);
    expect(sent).toEqual([
      {
        method: 'DELETE',
        path: '/api/v1/namespaces/ns/pods/n0',
        body: {
          preconditions: { uid: 'u', resourceVersion: '7' },
          propagationPolicy: 'Background',
          gracePeriodSeconds: 300,
        },
      },
    ]);
  });

  it('finds the pods of a node by their label', async () => {
    answer = () => ({ items: [{ metadata: { name: 'n0-0' } }] });
    expect(await api.listPods(key)).toMatchObject([{ name: 'n0-0' }]);
    expect(sent[0]?.path).toBe(
      '/api/v1/namespaces/ns/pods?labelSelector=sei.io%2Fnode%3Dn0&limit=100',
    );
  });

  it('takes an event that exists for one that it has written', async () => {
    const event = {
      about: { ...SEI_NODE_TYPE, ...key, uid: 'u' },
      name: 'n0.1',
      type: 'Normal',
      reason: 'UpdateStarted',
      message: 'm',
      at: '2026-01-01T00:00:00Z',
    } as const;
    answer = refuse(409, { reason: 'AlreadyExists' });
    await api.createEvent(event);
    answer = refuse(403, { reason: 'Forbidden' });
    await expect(api.createEvent(event)).rejects.toThrow('403');
  });
});
