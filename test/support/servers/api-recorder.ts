import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Devcluster } from '../../../devcluster/instance/devcluster.ts';
import { readAdmin, startApiProxy } from './api-proxy.ts';

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
  /** The path without the query. */
  readonly path: string;
  readonly isWatch: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * A proxy before the API server, for one process: it records the requests of that process, and its TLS connections. It
 * can also keep answers back.
 */
export interface ApiRecorder {
  /** A kubeconfig by which the process goes through the recorder. */
  readonly kubeconfigPath: string;
  readonly requests: readonly ApiRequest[];
  /** Counts the TLS connections that were opened so far, including closed ones. */
  connections(): number;
  /**
   * Never answers the requests that match, so that the process is caught in the middle of them. Resolves at the first
   * one: with `before-effect` in place of forwarding it, with `after-effect` once the API server has carried it out.
   */
  hold(when: HoldPoint, matches: (request: ApiRequest) => boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param cluster its certificates are the recorder's, too
 * @param env the process's, whose kubeconfig decides the identity of its requests
 */
export async function startApiRecorder(
  { kubeconfigPath }: Pick<Devcluster, 'kubeconfigPath'>,
  env: Readonly<Record<string, string>>,
): Promise<ApiRecorder> {
  const admin = await readAdmin(kubeconfigPath);
  const own = env['KUBECONFIG'] ?? kubeconfigPath;
  const requests: ApiRequest[] = [];
  const holds: Hold[] = [];
  const proxy = await startApiProxy(
    admin,
    own === kubeconfigPath ? 'as-admin' : 'as-token-says',
    (incoming, forward) => {
      const request = recordOf(incoming);
      requests.push(request);
      const hold = holds.find(({ matches }) => matches(request));
      if (hold?.when === 'before-effect') return hold.onHeld();
      forward((answer) => {
        if (hold !== undefined) answer.resume().on('end', hold.onHeld);
        return hold === undefined;
      });
    },
  );
  const directory = await mkdtemp(path.join(tmpdir(), 'seinode-api-recorder-'));
  const throughUs = path.join(directory, 'kubeconfig');
  const text = await readFile(own, 'utf8');
  await writeFile(throughUs, text.replace(admin.server, proxy.server), { mode: 0o600 });
  return {
    kubeconfigPath: throughUs,
    requests,
    connections: () => proxy.connections(),
    hold: (when, matches) =>
      new Promise((resolve) => holds.push({ when, matches, onHeld: () => resolve() })),
    async close() {
      await proxy.close();
      await rm(directory, { recursive: true });
    },
  };
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
