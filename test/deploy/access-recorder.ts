import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as requestUpstream } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';

import type { Access } from './access.ts';
import { accessOf } from './access.ts';

/**
 * A proxy before the API server that adds nothing to a request: who asks is who the bearer token
 * says, and what was answered is recorded. (The recorder of `test/support` asks as an admin.)
 */
export interface AccessRecorder {
  /** By which a process goes through the recorder, as the account of the token. */
  readonly kubeconfigPath: string;
  readonly accesses: readonly Access[];
  close(): Promise<void>;
}

interface RecorderOptions {
  /** Of a devcluster, whose client certificate is good for a server too. */
  readonly adminKubeconfig: string;
  /** Holds the bearer token. The kubeconfig is written beside it. */
  readonly tokenFile: string;
}

export async function startAccessRecorder(options: RecorderOptions): Promise<AccessRecorder> {
  const { server, caFile, cert, key } = await readAdmin(options.adminKubeconfig);
  const upstream = new Agent({ ca: await readFile(caFile), keepAlive: true });
  const accesses: Access[] = [];
  const proxy = createServer({ cert, key }, (incoming, outgoing) => {
    forward(incoming, outgoing, { server, agent: upstream }, (status) => {
      const { method = '', url = '' } = incoming;
      const access = accessOf({ method, url, status });
      if (access !== undefined) accesses.push(access);
    });
  });
  // As long as the API server itself: a proxy that hangs up sooner breaks requests.
  proxy.keepAliveTimeout = 90_000;
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const kubeconfigPath = `${options.tokenFile}.kubeconfig`;
  const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority': caFile };
  await writeFile(kubeconfigPath, kubeconfigFor(cluster, options.tokenFile), { mode: 0o600 });
  return {
    kubeconfigPath,
    accesses,
    close: async () => {
      proxy.closeAllConnections();
      proxy.close();
      upstream.destroy();
      await once(proxy, 'close');
    },
  };
}

async function readAdmin(kubeconfigPath: string) {
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

function kubeconfigFor(cluster: object, tokenFile: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'recorded',
    contexts: [{ name: 'recorded', context: { cluster: 'recorded', user: 'account' } }],
    clusters: [{ name: 'recorded', cluster }],
    users: [{ name: 'account', user: { tokenFile } }],
  });
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { server, agent }: { readonly server: string; readonly agent: Agent },
  onAnswered: (status: number) => void,
): void {
  const { method, url = '', headers } = incoming;
  const request = requestUpstream(new URL(url, server), { method, headers, agent }, (response) => {
    const status = response.statusCode ?? 502;
    onAnswered(status);
    outgoing.writeHead(status, response.headers);
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
