import { readFileSync } from 'node:fs';

import { Agent, request } from 'undici';
import { parse } from 'yaml';
import { z } from 'zod';

// A request of a process on the same machine that takes longer will not be answered at all.
const REQUEST_TIMEOUT_MS = 10_000;
// Bookmarks come about once a minute, so a watch that is silent for longer is dead.
const WATCH_SILENCE_MS = 120_000;

/** Counted apart from the operator's traffic by whoever reads the audit log. */
const USER_AGENT = 'seinode-devcluster-sidecar';

// kwokctl writes certificates as files.
const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.url(), 'certificate-authority': z.string() }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ 'client-certificate': z.string(), 'client-key': z.string() }) }),
  ]),
});

export class KubeApiError extends Error {
  readonly status: number;

  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} was answered with ${status}: ${body}`);
    this.name = 'KubeApiError';
    this.status = status;
  }
}

/** What a watch delivers: a type such as ADDED, and the object. */
export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** The API server of the devcluster, as the administrator of its kubeconfig. */
export class KubeApi {
  readonly #server: string;
  readonly #dispatcher: Agent;

  /** @param kubeconfig path of a file as kwokctl writes it: one cluster, one user, certificate files. */
  constructor(kubeconfig: string) {
    const { clusters, users } = kubeconfigSchema.parse(parse(readFileSync(kubeconfig, 'utf8')));
    const [{ cluster }] = clusters;
    const [{ user }] = users;
    this.#server = cluster.server;
    this.#dispatcher = new Agent({
      // A fleet's worth of pods changes at once; the watches take one each.
      connections: 16,
      connect: {
        ca: readFileSync(cluster['certificate-authority'], 'utf8'),
        cert: readFileSync(user['client-certificate'], 'utf8'),
        key: readFileSync(user['client-key'], 'utf8'),
      },
    });
  }

  /** @throws {KubeApiError} for any answer but a success. */
  get(path: string): Promise<unknown> {
    return this.#call('GET', path, {}, undefined);
  }

  /** JSON merge patch. @throws {KubeApiError} for any answer but a success. */
  mergePatch(path: string, body: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/merge-patch+json' };
    return this.#call('PATCH', path, headers, JSON.stringify(body));
  }

  /** Delivers events until the API server ends the watch. Throws when it breaks or was refused. */
  async *watch(path: string): AsyncGenerator<WatchEvent> {
    const response = await request(this.#server + path, {
      dispatcher: this.#dispatcher,
      headers: { 'user-agent': USER_AGENT },
      headersTimeout: REQUEST_TIMEOUT_MS,
      bodyTimeout: WATCH_SILENCE_MS,
    });
    if (response.statusCode !== 200) {
      throw new KubeApiError('GET', path, response.statusCode, await response.body.text());
    }
    let unread = '';
    for await (const chunk of response.body.setEncoding('utf8')) {
      const lines = (unread + String(chunk)).split('\n');
      unread = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as WatchEvent;
    }
  }

  close(): Promise<void> {
    return this.#dispatcher.destroy();
  }

  async #call(
    method: 'GET' | 'PATCH',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
  ): Promise<unknown> {
    const response = await request(this.#server + path, {
      dispatcher: this.#dispatcher,
      method,
      headers: { 'user-agent': USER_AGENT, ...headers },
      ...(body === undefined ? {} : { body }),
      headersTimeout: REQUEST_TIMEOUT_MS,
      bodyTimeout: REQUEST_TIMEOUT_MS,
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) {
      throw new KubeApiError(method, path, response.statusCode, text);
    }
    return JSON.parse(text) as unknown;
  }
}
