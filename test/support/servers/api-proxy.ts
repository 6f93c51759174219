import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as requestUpstream } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';

/** A devcluster as its own kubeconfig reaches it. The client certificate is good for a server too. */
export interface Admin {
  readonly server: string;
  /** A path. */
  readonly caFile: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Passes a request on; `onAnswer` says, when the head of its answer is there, whether the answer goes back. */
export type Forward = (onAnswer: (answer: IncomingMessage) => boolean) => void;

/** A server before the API server, through which requests go unchanged. */
export interface ApiProxy {
  /** The address, such as `https://127.0.0.1:1234`. */
  readonly server: string;
  /** Counts the TLS connections that were opened so far, including closed ones. */
  connections(): number;
  close(): Promise<void>;
}

export async function readAdmin(kubeconfigPath: string): Promise<Admin> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (!cluster?.caFile || !user?.certFile || !user.keyFile) {
    throw new Error(`${kubeconfigPath} names no files of a CA, a client certificate and its key`);
  }
  const [cert, key] = await Promise.all([readFile(user.certFile), readFile(user.keyFile)]);
  return { server: cluster.server, caFile: path.resolve(cluster.caFile), cert, key };
}

/**
 * @param asks the identity of the requests that go on: the admin's, or that of their bearer token
 * @param handle passes a request on, or leaves it without an answer
 */
export async function startApiProxy(
  { server, caFile, cert, key }: Admin,
  asks: 'as-admin' | 'as-token-says',
  handle: (request: IncomingMessage, forward: Forward) => void,
): Promise<ApiProxy> {
  const identity = asks === 'as-admin' ? { cert, key } : {};
  const agent = new Agent({ ca: await readFile(caFile), ...identity, keepAlive: true });
  let connections = 0;
  const proxy = createServer({ cert, key }, (incoming, outgoing) => {
    handle(incoming, (onAnswer) => forward(incoming, outgoing, { server, agent }, onAnswer));
  });
  proxy.on('secureConnection', () => (connections += 1));
  // As long as the API server itself: a proxy that hangs up sooner breaks requests, and makes for more connections.
  proxy.keepAliveTimeout = 90_000;
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    server: `https://127.0.0.1:${port}`,
    connections: () => connections,
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      agent.destroy();
      await once(proxy, 'close');
    },
  };
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { server, agent }: { readonly server: string; readonly agent: Agent },
  onAnswer: (answer: IncomingMessage) => boolean,
): void {
  const { method, url = '', headers } = incoming;
  const request = requestUpstream(new URL(url, server), { method, headers, agent }, (answer) => {
    if (!onAnswer(answer)) return;
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    // The head of a watch's answer must not wait for its first event.
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  // When either side goes, so does the other, as if there were nothing in between.
  request.on('error', () => outgoing.destroy());
  outgoing.on('close', () => request.destroy());
  incoming.pipe(request);
}
