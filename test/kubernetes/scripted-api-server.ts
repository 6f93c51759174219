import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually.ts';

/** The path of the one list that the server serves. */
export const LIST_PATH = '/api/v1/pods';

interface ReceivedRequest {
  readonly kind: 'list' | 'watch';
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The answer to a request in place of the truth. */
type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/** A small API server over real HTTP, with one list of objects, that can be made to fail. */
export interface ScriptedApiServer {
  readonly kubeconfigPath: string;
  readonly requests: readonly ReceivedRequest[];
  /** TCP connections accepted so far. */
  connections(): number;
  put(name: string, uid?: string): void;
  remove(name: string): void;
  /** Answers the next requests of a kind with these, one each. */
  answerNext(kind: 'list' | 'watch', ...answers: readonly Answer[]): void;
  /** Does something to every open watch. */
  onOpenWatches(action: (response: ServerResponse) => void): void;
  openWatches(): number;
  watchesOpened(): number;
  /** Forgets the past: a watch or continue token from before is answered with 410. */
  compact(): void;
  bookmark(): void;
  /** Stops listening and breaks every connection; `start` listens again, on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

interface Stored {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
}

interface WatchRecord {
  readonly version: number;
  readonly line: string;
}

const PAGE_LIMIT_OF_SERVER = 2;

export async function scriptedApiServer(): Promise<ScriptedApiServer> {
  const objects = new Map<string, Stored>();
  const log: WatchRecord[] = [];
  const requests: ReceivedRequest[] = [];
  const answers = { list: [] as Answer[], watch: [] as Answer[] };
  const watches = new Set<ServerResponse>();
  let version = 100;
  let compactedTo = 0;
  let connections = 0;
  let watchesOpened = 0;
  let port = 0;

  const record = (type: string, object: unknown): void => {
    const line = `${JSON.stringify({ type, object })}\n`;
    if (type !== 'BOOKMARK') log.push({ version, line });
    for (const watch of watches) watch.write(line);
  };

  const serveList = (response: ServerResponse, query: URLSearchParams): void => {
    const [at = version, from = 0] = (query.get('continue') ?? '')
      .split('/')
      .filter(Boolean)
      .map(Number);
    if (at < compactedTo) return refuse(410, 'Expired')(response);
    const limit = Math.min(Number(query.get('limit') ?? Infinity), PAGE_LIMIT_OF_SERVER);
    const all = [...objects.values()];
    const rest = all.length - from - limit;
    const metadata = {
      resourceVersion: String(at),
      ...(rest > 0 && { continue: `${at}/${from + limit}`, remainingItemCount: rest }),
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ kind: 'List', metadata, items: all.slice(from, from + limit) }));
  };

  const serveWatch = (response: ServerResponse, query: URLSearchParams): void => {
    const from = Number(query.get('resourceVersion'));
    if (from < compactedTo) return refuse(410, 'Expired')(response);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const entry of log) if (entry.version > from) response.write(entry.line);
    watches.add(response);
    watchesOpened += 1;
    response.on('close', () => watches.delete(response));
  };

  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams: query } = new URL(message.url ?? '/', 'http://server');
    if (pathname !== LIST_PATH) return refuse(404, 'NotFound')(response);
    const kind = query.get('watch') === 'true' ? 'watch' : 'list';
    const request = { kind, query, headers: message.headers, at: Date.now() } as const;
    requests.push(request);
    const answer = answers[kind].shift();
    if (answer !== undefined) answer(response, request);
    else if (kind === 'list') serveList(response, query);
    else serveWatch(response, query);
  };

  let server: Server | undefined;
  const start = async (): Promise<void> => {
    const listening = createServer(handle).on('connection', () => (connections += 1));
    server = listening;
    await listenAt(listening, port);
    ({ port } = listening.address() as AddressInfo);
  };
  const stop = async (): Promise<void> => {
    const stopping = server;
    server = undefined;
    if (stopping === undefined) return;
    await new Promise<void>((resolve) => {
      stopping.close(() => resolve());
      stopping.closeAllConnections();
    });
  };

  await start();
  const directory = await mkdtemp(join(tmpdir(), 'scripted-api-server-'));
  const kubeconfigPath = join(directory, 'kubeconfig');
  await writeFile(kubeconfigPath, kubeconfig(`http://127.0.0.1:${port}`));

  return {
    kubeconfigPath,
    requests,
    connections: () => connections,
    put: (name, uid) => {
      version += 1;
      const before = objects.get(name);
      const metadata = {
        namespace: 'default',
        name,
        uid: uid ?? before?.metadata.uid ?? `uid-of-${name}`,
        resourceVersion: String(version),
      };
      objects.set(name, { metadata });
      record(before === undefined ? 'ADDED' : 'MODIFIED', { metadata });
    },
    remove: (name) => {
      version += 1;
      const metadata = { ...objects.get(name)?.metadata, resourceVersion: String(version) };
      objects.delete(name);
      record('DELETED', { metadata });
    },
    answerNext: (kind, ...next) => {
      answers[kind].push(...next);
    },
    onOpenWatches: (action) => {
      for (const watch of watches) action(watch);
    },
    openWatches: () => watches.size,
    watchesOpened: () => watchesOpened,
    compact: () => {
      version += 1;
      compactedTo = version;
    },
    bookmark: () => {
      record('BOOKMARK', { metadata: { resourceVersion: String(version) } });
    },
    stop,
    start,
    dispose: async () => {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** A port that was left may be taken by somebody's outgoing connection for a moment. */
async function listenAt(server: Server, port: number): Promise<void> {
  await eventually(`port ${port} is free`, async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  });
}

/** Refuses as an API server does: with a Status. */
export function refuse(
  code: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): (response: ServerResponse) => void {
  const body = { kind: 'Status', status: 'Failure', reason, message: `told to say ${code}`, code };
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'scripted', cluster: { server } }],
    users: [{ name: 'tester', user: { token: 'a-token' } }],
    contexts: [{ name: 'scripted', context: { cluster: 'scripted', user: 'tester' } }],
    'current-context': 'scripted',
  });
}
