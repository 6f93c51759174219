import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from 'vitest';

import type { Route } from '../../../kubernetes/api/credentials.ts';
import { createDispatcherCache } from '../../../kubernetes/api/dispatchers.ts';

const route: Route = { tls: { ca: Buffer.from('a') }, proxyUrl: undefined };

describe('createDispatcherCache', () => {
  it('keeps its connections as long as the route is equal', () => {
    const cache = createDispatcherCache();
    const first = cache.for(route);
    expect(cache.for({ tls: { ca: Buffer.from('a') }, proxyUrl: undefined })).toBe(first);
    expect(first.calls).not.toBe(first.watches);
  });

  it.each([
    ['certificate', { ...route, tls: { ...route.tls, cert: 'new' } }],
    ['authority', { ...route, tls: { ca: Buffer.from('b') } }],
    ['proxy', { ...route, proxyUrl: 'http://proxy:3128' }],
  ])('makes new ones for another %s', async (_, other) => {
    const cache = createDispatcherCache();
    const before = cache.for(route);
    const after = cache.for(other);
    expect(after.calls).not.toBe(before.calls);
    expect(after.watches).not.toBe(before.watches);
    expect(cache.for(other)).toBe(after);
    await expect(
      before.calls.request({ origin: 'http://x', path: '/', method: 'GET' }),
    ).rejects.toThrow('closed');
    await cache.destroy();
  });

  it('goes through the proxy of the route', async () => {
    const proxy = createServer(({ url }, response) => response.end(`fetched ${url}`));
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const cache = createDispatcherCache();
    const { calls } = cache.for({ tls: {}, proxyUrl: `http://127.0.0.1:${port}` });
    const request = { origin: 'http://cluster.invalid', path: '/version', method: 'GET' } as const;
    const { body } = await calls.request(request);
    expect(await body.text()).toBe('fetched http://cluster.invalid/version');
    await cache.destroy();
    proxy.close();
  });
});
