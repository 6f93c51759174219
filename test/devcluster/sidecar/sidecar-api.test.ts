import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { aPod } from './a-pod.ts';
import { runSidecars } from './running-sidecars.ts';
import type { RunningSidecars } from './running-sidecars.ts';

const ID = '5e4f4d0e-7a53-4c4b-9a33-0d4cbd0f8f11';
const NODE = { namespace: 'chain', name: 'n0' };

let sidecars: RunningSidecars;

beforeEach(async () => {
  sidecars = await runSidecars();
  sidecars.fleet.seen(aPod());
});

afterEach(() => sidecars.close());

async function task(id: string): Promise<unknown> {
  return (await sidecars.call('GET', `/v0/tasks/${id}`)).json();
}

describe('readiness', () => {
  it('answers healthz with 503 and no body until it is marked ready, then with 200', async () => {
    const before = await sidecars.call('GET', '/v0/healthz');
    expect([before.status, await before.text()]).toEqual([503, '']);
    expect((await sidecars.submit({ type: 'mark-ready' })).status).toBe(201);
    expect(await sidecars.healthz()).toBe(200);
    expect((await sidecars.call('GET', '/v0/startupz')).status).toBe(200);
  });

  it('says Initializing, then Ready, as its status', async () => {
    const status = async () => (await sidecars.call('GET', '/v0/status')).json();
    expect(await status()).toEqual({ status: 'Initializing' });
    await sidecars.submit({ type: 'mark-ready' });
    expect(await status()).toEqual({ status: 'Ready' });
  });

  it('is taken back by mark-not-ready', async () => {
    await sidecars.submit({ type: 'mark-ready' });
    await sidecars.submit({ type: 'mark-not-ready' });
    expect(await sidecars.healthz()).toBe(503);
  });

  it('does not come from any other task', async () => {
    await sidecars.submit({ type: 'config-apply', params: { a: 1 } });
    expect(await sidecars.healthz()).toBe(503);
  });
});

describe('tasks', () => {
  it('answers a submission with its id, and shows the task with its parameters', async () => {
    const response = await sidecars.submit({ id: ID, type: 'config-patch', params: { a: 1 } });
    expect([response.status, await response.json()]).toEqual([201, { id: ID }]);
    expect(await task(ID)).toEqual({
      id: ID,
      type: 'config-patch',
      status: 'completed',
      run: 1,
      params: { a: 1 },
      submittedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      completedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
  });

  it('gives a submission without an id one of its own', async () => {
    const { id } = (await (await sidecars.submit({ type: 'mark-ready' })).json()) as { id: string };
    expect(await task(id)).toMatchObject({ id, type: 'mark-ready' });
  });

  it('answers 201 and does nothing for an id that has completed', async () => {
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    await sidecars.submit({ type: 'mark-not-ready' });
    expect((await sidecars.submit({ id: ID, type: 'mark-ready' })).status).toBe(201);
    expect(await sidecars.healthz()).toBe(503);
    expect(await task(ID)).toMatchObject({ run: 1 });
  });

  it('answers 201 and does nothing for an id that runs', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'slow-task', durationMs: 60_000, times: 1 });
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    expect((await sidecars.submit({ id: ID, type: 'mark-ready' })).status).toBe(201);
    expect(await task(ID)).toMatchObject({ status: 'running', run: 1 });
  });

  it('runs a failed id again', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'task-fails', error: 'no disk', times: 1 });
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    expect(await task(ID)).toMatchObject({ status: 'failed', run: 1, error: 'no disk' });
    expect(await sidecars.healthz()).toBe(503);
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    expect(await task(ID)).toMatchObject({ status: 'completed', run: 2 });
    expect(await sidecars.healthz()).toBe(200);
  });

  it('forgets a deleted task, so that its id runs again', async () => {
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    expect((await sidecars.call('DELETE', `/v0/tasks/${ID}`)).status).toBe(204);
    expect((await sidecars.call('DELETE', `/v0/tasks/${ID}`)).status).toBe(404);
    expect((await sidecars.call('GET', `/v0/tasks/${ID}`)).status).toBe(404);
  });

  it.each([
    ['an unknown type', '{"type":"make-coffee"}'],
    ['an id that is no UUID', '{"id":"1","type":"mark-ready"}'],
    ['no type', '{}'],
    ['what is not JSON', 'mark-ready'],
  ])('refuses %s with 400 and an error', async (_, body) => {
    const response = await sidecars.call('POST', '/v0/tasks', { body });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/./) as string });
  });
});

it('has a node id of 20 bytes, another one for each volume', async () => {
  sidecars.fleet.seen(aPod({ node: 'n1', uid: 'uid-2', ip: '127.97.0.2' }));
  const nodeId = async (address: string) =>
    ((await (await sidecars.call('GET', '/v0/node-id', { address })).json()) as { nodeId: string })
      .nodeId;
  expect(await nodeId('127.97.0.1')).toMatch(/^[0-9a-f]{40}$/);
  expect(await nodeId('127.97.0.1')).not.toBe(await nodeId('127.97.0.2'));
});

it('answers 404 to what is not in its API', async () => {
  expect((await sidecars.call('GET', '/v1/healthz')).status).toBe(404);
  expect((await sidecars.call('PUT', '/v0/tasks')).status).toBe(404);
});
