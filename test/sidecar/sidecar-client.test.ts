import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SidecarClient, SidecarClientOptions } from '../../sidecar/sidecar-client.ts';
import { createSidecarClient } from '../../sidecar/sidecar-client.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';
import { createFileTokens } from '../../sidecar/sidecar-tokens.ts';
import type { ScriptedSidecar } from './scripted-sidecar.ts';
import { json, scriptedSidecar } from './scripted-sidecar.ts';

const node = { namespace: 'ns', name: 'n0' };
const pod = { name: 'n0-0', ip: '127.0.0.1' };
const target = { node, pod };
const markReady = { ...target, id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', type: 'mark-ready' };
/** For calls that should time out; too short for an answer that a busy machine delays. */
const SHORT = { connect: 300, healthz: 200, getTask: 200, submitTask: 200 };

let sidecar: ScriptedSidecar;
let directory: string;
beforeEach(async () => {
  sidecar = await scriptedSidecar();
  directory = mkdtempSync(join(tmpdir(), 'sidecar-client-test-'));
});
afterEach(async () => {
  await sidecar.close();
  rmSync(directory, { recursive: true });
});

function client(options: SidecarClientOptions = {}): SidecarClient {
  const { addressTemplate } = sidecar;
  return createSidecarClient({ addressTemplate, ...options });
}

async function errorOf(call: Promise<unknown>): Promise<SidecarError> {
  const error = await call.then(
    () => undefined,
    (err: unknown) => err,
  );
  if (error instanceof SidecarError) return error;
  throw new Error('expected a SidecarError', { cause: error });
}

/** The faults of any call, and the errors that follow. */
const faults: readonly [string, (response: ServerResponse) => void, object][] = [
  ['hangs', () => undefined, { kind: 'timeout', timeoutMs: 200 }],
  [
    'hangs in the middle of its answer',
    (response) => response.writeHead(201, { 'content-length': '10' }).write('{'),
    { kind: 'timeout', timeoutMs: 200 },
  ],
  [
    'resets the connection',
    (response) => response.socket?.resetAndDestroy(),
    { kind: 'unreachable' },
  ],
  [
    'drops the connection after the effect',
    (response) => response.destroy(),
    { kind: 'unreachable' },
  ],
  ['fails', json(500, { error: 'disk full' }), { kind: 'http', status: 500 }],
  ['is not let through', json(403, { error: 'no' }), { kind: 'http', status: 403 }],
  [
    'never ends its answer',
    (response) => {
      response.writeHead(201);
      const chunk = Buffer.alloc(256 * 1024);
      const write = (): void => {
        if (!response.destroyed) response.write(chunk, write);
      };
      write();
    },
    { kind: 'http', status: 201 },
  ],
];

describe('submitTask', () => {
  it.each([201, 202])('takes %i for success', async (status) => {
    sidecar.answer = json(status, { id: markReady.id });
    await client().submitTask(markReady);
    const [request] = sidecar.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v0/tasks' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toEqual({ id: markReady.id, type: 'mark-ready' });
  });

  it('sends the parameters of a task', async () => {
    sidecar.answer = json(201, {});
    await client().submitTask({ ...markReady, params: { height: 5 } });
    expect(JSON.parse(sidecar.requests[0]?.body ?? '')).toMatchObject({ params: { height: 5 } });
  });

  it('says why a task was refused', async () => {
    sidecar.answer = json(400, { error: 'unknown task type "mark-redy"' });
    const error = await errorOf(client().submitTask({ ...markReady, type: 'mark-redy' }));
    expect(error.failure).toEqual({ kind: 'http', status: 400 });
    expect(error.message).toBe(
      'the sidecar of pod n0-0 answered 400 to task mark-redy: unknown task type "mark-redy"',
    );
  });

  it('takes the beginning of an error page as the reason', async () => {
    sidecar.answer = (response) => response.writeHead(502).end(`<html>${'x'.repeat(10_000)}`);
    const error = await errorOf(client().submitTask(markReady));
    expect(error.message).toMatch(/answered 502 to task mark-ready: <html>x+…$/);
    expect(error.message.length).toBeLessThan(500);
  });

  it.each(faults)('fails when the sidecar %s', async (_, fault, failure) => {
    sidecar.answer = fault;
    const impatient = client('timeoutMs' in failure ? { timeouts: SHORT } : {});
    expect((await errorOf(impatient.submitTask(markReady))).failure).toEqual(failure);
  });

  it('distinguishes a port that nobody listens on from a pod that is slow', async () => {
    const { addressTemplate } = sidecar;
    await sidecar.close();
    const error = await errorOf(client({ addressTemplate }).submitTask(markReady));
    expect(error.failure).toEqual({ kind: 'refused' });
    expect(error.message).toContain(`POST ${addressTemplate}/v0/tasks: `);
  });

  it('waits less for a connection than for an answer', async () => {
    // Accepts, and then never shakes hands for TLS.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const slow = client({
      addressTemplate: `https://127.0.0.1:${port}`,
      timeouts: { connect: 100, submitTask: 10_000 },
    });
    const { failure } = await errorOf(slow.submitTask(markReady));
    expect(failure).toEqual({ kind: 'timeout', timeoutMs: 100 });
    silent.close();
  });

  it('knows that a pod without an IP cannot be reached yet', async () => {
    const unplaced = { ...markReady, pod: { name: 'n0-0', ip: undefined } };
    const error = await errorOf(createSidecarClient().submitTask(unplaced));
    expect(error.failure).toEqual({ kind: 'unreachable' });
    expect(error.message).toBe('pod n0-0 has no IP yet');
  });
});

describe('getTask', () => {
  const question = { ...target, id: markReady.id };

  it('reads a task', async () => {
    sidecar.answer = json(200, {
      id: markReady.id,
      type: 'mark-ready',
      status: 'failed',
      error: 'e',
      run: 2,
    });
    expect(await client().getTask(question)).toEqual({
      id: markReady.id,
      type: 'mark-ready',
      status: 'failed',
      error: 'e',
      run: 2,
    });
    expect(sidecar.requests[0]).toMatchObject({ method: 'GET', path: `/v0/tasks/${markReady.id}` });
  });

  it('answers undefined for a task that the sidecar does not know', async () => {
    sidecar.answer = json(404, { error: 'no such task' });
    expect(await client().getTask(question)).toBeUndefined();
  });

  it.each([['{"id":"x","type":"mark-ready","status":"odd"}'], ['no JSON'], ['null']])(
    'refuses an answer that is no task: %s',
    async (body) => {
      sidecar.answer = (response) => response.writeHead(200).end(body);
      expect((await errorOf(client().getTask(question))).failure).toEqual({
        kind: 'http',
        status: 200,
      });
    },
  );
});

describe('healthz', () => {
  it.each([
    [200, 'ready'],
    [503, 'not-ready'],
    [404, { kind: 'unreachable', message: 'healthz answered 404' }],
  ])('takes %i for %o', async (status, health) => {
    sidecar.answer = (response) => response.writeHead(status).end();
    expect(await client().healthz(target)).toEqual(health);
    expect(sidecar.requests[0]).toMatchObject({ method: 'GET', path: '/v0/healthz' });
  });

  it.each(faults.slice(0, 4))('says unreachable when the sidecar %s', async (_, fault) => {
    sidecar.answer = fault;
    expect(await client({ timeouts: SHORT }).healthz(target)).toMatchObject({
      kind: 'unreachable',
    });
  });

  it('says what is wrong when nobody listens', async () => {
    await sidecar.close();
    expect(await client().healthz(target)).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });
});

describe('the bearer token', () => {
  it('is one for the audience of the pod, and is given up once it is refused', async () => {
    const asked: unknown[] = [];
    const refused: unknown[] = [];
    const tokens = {
      tokenFor: async (audience: string | undefined) => {
        asked.push(audience);
        return `for ${audience ?? 'all'}`;
      },
      refused: (audience: string | undefined) => refused.push(audience),
    };
    const withTokens = client({ tokens });
    sidecar.answer = json(201, {});
    await withTokens.submitTask({ ...markReady, audience: 'n0' });
    expect(refused).toEqual([]);
    sidecar.answer = json(401, {});
    await errorOf(withTokens.getTask({ ...target, id: markReady.id }));
    await withTokens.healthz(target);
    expect(sidecar.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer for n0',
      'Bearer for all',
      undefined,
    ]);
    expect({ asked, refused }).toEqual({ asked: ['n0', undefined], refused: [undefined] });
  });

  it('of a file is sent with tasks, newly read each time, and not with healthz', async () => {
    const tokenFile = join(directory, 'token');
    sidecar.answer = json(201, {});
    const withToken = client({ tokens: createFileTokens(tokenFile) });
    writeFileSync(tokenFile, 'first\n');
    await withToken.submitTask(markReady);
    writeFileSync(tokenFile, 'second\n');
    await withToken.submitTask(markReady);
    await withToken.healthz(target);
    expect(sidecar.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
      undefined,
    ]);
  });

  it('is reported missing by the name of its file', async () => {
    const tokenFile = join(directory, 'missing');
    const withToken = client({ tokens: createFileTokens(tokenFile) });
    await expect(withToken.submitTask(markReady)).rejects.toThrow(
      `Cannot read the sidecar token file ${tokenFile}`,
    );
    expect(sidecar.requests).toEqual([]);
  });
});

it('opens a connection for each request, so that none outlives its pod', async () => {
  const one = client();
  for (let round = 0; round < 5; round += 1) await one.healthz(target);
  expect(sidecar.connections()).toBe(5);
});
