import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as requestUpstream } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';

export type HoldPoint = 'before-effect' | 'after-effect';

interface Hold {
  readonly when: HoldPoint;
  readonly matches: (request: ApiRequest) => boolean;
  readonly onHeld: () => void;
}

/** One request that somebody made to the API server. */
export interface ApiRequest {
  readonly userAgent: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly isWatch: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * A proxy before the API server, for one process: what that process asks, and how many TLS
 * connections it opens for it. It can also keep answers back.
 */
export interface ApiRecorder {
  /** A kubeconfig by which the process goes through the recorder. */
  readonly kubeconfigPath: string;
  readonly requests: readonly ApiRequest[];
  /** TLS connections that were opened so far, whether they are open still or not. */
  connections(): number;
  /**
   * Never answers the requests that match: the process is caught in the middle of them. Resolves at
   * the first one, with `before-effect` in place of forwarding it, with `after-effect` once the API
   * server has done what it asks.
   */
  hold(when: HoldPoint, matches: (request: ApiRequest) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** @param kubeconfigPath of a devcluster, whose client certificate is good for a server too */
export async function startApiRecorder(kubeconfigPath: string): Promise<ApiRecorder> {
  const { server, ca, cert, key, text } = await readKubeconfig(kubeconfigPath);
  const upstream = new Agent({ ca, cert, key, keepAlive: true });
  const requests: ApiRequest[] = [];
  const holds: Hold[] = [];
  let connections = 0;
  const proxy = createServer({ cert, key }, (incoming, outgoing) => {
    const request = recordOf(incoming);
    requests.push(request);
    const hold = holds.find(({ matches }) => matches(request));
    if (hold?.when === 'before-effect') return hold.onHeld();
    forward(incoming, outgoing, { server, agent: upstream, hold });
  });
  proxy.on('secureConnection', () => (connections += 1));
  // As long as the API server itself: a proxy that hangs up sooner makes for more connections.
  proxy.keepAliveTimeout = 90_000;
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const directory = await mkdtemp(path.join(tmpdir(), 'seinode-api-recorder-'));
  const throughUs = path.join(directory, 'kubeconfig');
  await writeFile(throughUs, text.replace(server, `https://127.0.0.1:${port}`), { mode: 0o600 });
  return {
    kubeconfigPath: throughUs,
    requests,
    connections: () => connections,
    hold: (when, matches) =>
      new Promise((resolve) => holds.push({ when, matches, onHeld: () => resolve() })),
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      upstream.destroy();
      await rm(directory, { recursive: true });
    },
  };
}

async function readKubeconfig(kubeconfigPath: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (!cluster?.caFile || !user?.certFile || !user.keyFile) {
    throw new Error(`${kubeconfigPath} names no files of a CA, a client certificate and its key`);
  }
  const [text, ca, cert, key] = await Promise.all([
    readFile(kubeconfigPath, 'utf8'),
    readFile(cluster.caFile, 'utf8'),
    readFile(user.certFile, 'utf8'),
    readFile(user.keyFile, 'utf8'),
  ]);
  return { server: cluster.server, ca, cert, key, text };
}

function recordOf({ headers, method = '', url = '' }: IncomingMessage): ApiRequest {
  const { pathname, searchParams } = new URL(url, 'https://api-server');
  return {
    userAgent: headers['user-agent'] ?? '',
    method,
    path: pathname,
    isWatch: searchParams.get('watch') === 'true',
    at: Date.now(),
  };
}

interface Upstream {
  readonly server: string;
  readonly agent: Agent;
  /** Keeps the answer back. */
  readonly hold: Hold | undefined;
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { server, agent, hold }: Upstream,
): void {
  const { method, url = '', headers } = incoming;
  const request = requestUpstream(new URL(url, server), { method, headers, agent }, (response) => {
    if (hold !== undefined) {
      response.resume().on('end', hold.onHeld);
      return;
    }
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    // The head of a watch's answer must not wait for its first event.
    outgoing.flushHeaders();
    response.pipe(outgoing);
    response.on('error', () => outgoing.destroy());
  });
  // Either side that goes takes the other along, as if there were nothing in between.
  request.on('error', () => outgoing.destroy());
  outgoing.on('close', () => request.destroy());
  incoming.pipe(request);
}
