import { readFile, writeFile } from 'node:fs/promises';

import { CoreV1Api } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { KubernetesConnection } from '../../../kubernetes/api/client.ts';
import { connect } from '../../../kubernetes/api/client.ts';
import { classifyApiError } from '../../../kubernetes/api/errors.ts';
import { typedApi } from '../../support/testbed/typed-api.ts';
import type { ScriptedApiServer } from '../scripted-api-server.ts';
import { LIST_PATH, refuse, scriptedApiServer } from '../scripted-api-server.ts';

let server: ScriptedApiServer;
let connection: KubernetesConnection;
const stop = new AbortController();

beforeEach(async () => {
  server = await scriptedApiServer();
  connection = connectWith({});
});

afterEach(async () => {
  vi.restoreAllMocks();
  await connection.close();
  await server.dispose();
});

function connectWith(options: { readonly requestTimeoutMs?: number }): KubernetesConnection {
  const { kubeconfigPath } = server;
  return connect({ kubeconfigPath, userAgent: 'client-test/1.0', ...options });
}

const list = () => connection.getJson(LIST_PATH);
const failureOf = async (call: Promise<unknown>) =>
  classifyApiError(await call.catch((err: unknown) => err));

describe('a connection', () => {
  it('sends its user agent and its token with calls of every kind', async () => {
    await list();
    await connection.openStream(`${LIST_PATH}?watch=true`, {
      signal: stop.signal,
      silenceMs: 60_000,
    });
    expect(server.requests).toHaveLength(2);
    for (const { headers } of server.requests) {
      expect(headers['user-agent']).toBe('client-test/1.0');
      expect(headers.authorization).toBe('Bearer a-token');
    }
  });

  it('asks for the given form of a stream', async () => {
    const options = { signal: stop.signal, silenceMs: 60_000 };
    await connection.openStream(LIST_PATH, { ...options, accept: 'application/json;as=Table' });
    await connection.openStream(LIST_PATH, options);
    expect(server.requests.map(({ headers }) => headers.accept)).toEqual([
      'application/json;as=Table',
      undefined,
    ]);
  });

  it('lends itself to the typed APIs of the client library', async () => {
    server.put('first');
    const { items } = await typedApi(connection, CoreV1Api).listPodForAllNamespaces();
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(['first']);
    expect(server.requests[0]?.headers['user-agent']).toBe('client-test/1.0');
    server.answerNext('list', refuse(403, 'Forbidden'));
    expect(await failureOf(typedApi(connection, CoreV1Api).listPodForAllNamespaces())).toEqual({
      kind: 'forbidden',
      message: 'told to say 403',
    });
  });

  it('makes a thousand calls over four connections', async () => {
    await Promise.all(Array.from({ length: 1_000 }, list));
    expect(server.connections()).toBe(4);
  });

  it('gives each watch a connection of its own, so that calls still get through', async () => {
    const options = { signal: stop.signal, silenceMs: 60_000 };
    const watches = Array.from({ length: 8 }, () =>
      connection.openStream(`${LIST_PATH}?watch=true`, options),
    );
    await Promise.all(watches);
    await Promise.all(Array.from({ length: 100 }, list));
    expect(server.connections()).toBe(8 + 4);
  });

  it('uses a stream that has ended for the next one', async () => {
    const options = { signal: stop.signal, silenceMs: 60_000 };
    for (let round = 0; round < 10; round += 1) {
      for await (const _ of await connection.openStream(LIST_PATH, options));
    }
    expect(server.connections()).toBe(1);
  });

  it('opens watches while all connections for calls are taken', async () => {
    server.answerNext('list', ...Array.from({ length: 4 }, () => () => undefined));
    const stuck = Promise.allSettled(Array.from({ length: 4 }, list));
    await vi.waitUntil(() => server.requests.length === 4, { timeout: 15_000 });
    await connection.openStream(`${LIST_PATH}?watch=true`, {
      signal: stop.signal,
      silenceMs: 60_000,
    });
    expect(server.openWatches()).toBe(1);
    await connection.close();
    await stuck;
  });

  it('answers with the error that the server gives', async () => {
    const forbidden = { kind: 'forbidden', message: 'told to say 403' };
    server.answerNext('list', refuse(403, 'Forbidden'));
    server.answerNext('watch', refuse(403, 'Forbidden'));
    expect(await failureOf(list())).toEqual(forbidden);
    const options = { signal: stop.signal, silenceMs: 60_000 };
    expect(await failureOf(connection.openStream(`${LIST_PATH}?watch=true`, options))).toEqual(
      forbidden,
    );
  });

  it('does not wait for an answer for ever', async () => {
    connection = connectWith({ requestTimeoutMs: 300 });
    server.answerNext('list', () => undefined);
    const failure = await failureOf(list());
    expect(failure.kind).toBe('unavailable');
    expect(failure.message).toMatch(
      /^GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/pods: no answer within 300 ms$/,
    );
  });

  it('does not wait for the rest of an answer for ever', async () => {
    connection = connectWith({ requestTimeoutMs: 300 });
    server.answerNext('list', (response) => response.write('{"items":['));
    expect((await failureOf(list())).message).toMatch(/no answer within 300 ms$/);
  });

  it('says what it could not reach, and why', async () => {
    await server.stop();
    const failure = await failureOf(list());
    expect(failure.kind).toBe('unavailable');
    expect(failure.message).toMatch(/^GET http:.*\/api\/v1\/pods: .*ECONNREFUSED/);
  });

  it('does not take an abort of the caller for a failure of the server', async () => {
    const abort = new AbortController();
    const reason = new Error('not needed any more');
    server.answerNext('list', () => abort.abort(reason));
    await expect(connection.getJson(LIST_PATH, abort.signal)).rejects.toBe(reason);
  });
});

describe('credentials', () => {
  it('are loaded again after a refusal, also from inside the kubeconfig', async () => {
    await list();
    await replaceToken('another-token');
    server.answerNext('list', refuse(401, 'Unauthorized'));
    expect((await failureOf(list())).kind).toBe('unauthorized');
    await list();
    expect(tokens().at(-1)).toBe('Bearer a-token');

    // A refusal may not make us run a credential plugin for every call.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11_000);
    await list();
    expect(tokens().at(-1)).toBe('Bearer another-token');
  });

  it('are not loaded again without a refusal', async () => {
    await replaceToken('another-token');
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11_000);
    await list();
    expect(tokens()).toEqual(['Bearer a-token']);
  });

  it('stay those of the context and the server that the connection began with', async () => {
    const { server: before } = connection;
    await replaceToken('another-token', (text) =>
      text.replace('"current-context":"scripted"', '"current-context":"production"'),
    );
    server.answerNext('list', refuse(401, 'Unauthorized'));
    await failureOf(list());
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11_000);
    await list();
    expect(tokens().at(-1)).toBe('Bearer another-token');
    expect(connection.server).toBe(before);
  });
});

async function replaceToken(token: string, edit = (text: string) => text): Promise<void> {
  const text = await readFile(server.kubeconfigPath, 'utf8');
  await writeFile(server.kubeconfigPath, edit(text.replace('a-token', token)));
}

function tokens(): readonly (string | undefined)[] {
  return server.requests.map(({ headers }) => headers.authorization);
}
