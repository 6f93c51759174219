import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';

import type { ListenAddress } from '../settings/listen-address.ts';
import type { Health } from './health.ts';

export interface MetricsServer {
  /** Has the chosen port if the settings asked for any. */
  readonly address: ListenAddress;
  close(): Promise<void>;
}

export interface MetricsServerOptions {
  readonly address: ListenAddress;
  /** The text that Prometheus reads. */
  readonly exposition: () => Promise<string>;
  readonly health: Pick<Health, 'readiness'>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The text format of Prometheus; the version is that of the format. */
const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Serves `/metrics`, `/livez` and `/readyz` to everybody who reaches the address: nothing there is secret
 * except the names of stalled nodes. Does not limit connections: a client that took them all would keep the
 * kubelet out, which restarts a process that it cannot ask.
 *
 * @throws the system's error if the process cannot listen at the address
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port } = options.address;
  const shared = { ...options, exposition: collectedOnce(options.exposition) };
  const server = createServer((request, response) => {
    void answerTo(request, shared).then((answer) => send(response, answer));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const bound = server.address();
  return {
    address: { host, port: typeof bound === 'object' && bound !== null ? bound.port : port },
    close: async () => {
      server.close();
      // A scraper keeps its connection; the process must not wait for it.
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Collects once at a time, however many ask: all who ask meanwhile get the same text. */
function collectedOnce(collect: () => Promise<string>): () => Promise<string> {
  let underWay: Promise<string> | undefined;
  return () => {
    underWay ??= collect().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

async function answerTo(
  { method, url = '/' }: IncomingMessage,
  { exposition, health }: MetricsServerOptions,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD');
  const [path = ''] = url.split('?', 1);
  switch (path) {
    case '/metrics':
      try {
        return { status: 200, contentType: EXPOSITION_TYPE, body: await exposition() };
      } catch (err) {
        return plain(500, `metrics cannot be collected: ${(err as Error).message}`);
      }
    case '/livez':
      // Any answer at all is the proof: a blocked event loop answers nothing.
      return plain(200, 'ok');
    case '/readyz': {
      const { isReady, lines } = health.readiness();
      return plain(isReady ? 200 : 503, lines.join('\n'));
    }
    default:
      return plain(404, 'there are /metrics, /livez and /readyz');
  }
}

function plain(status: number, text: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${text}\n` };
}

function send(response: ServerResponse, { status, contentType, body }: Answer): void {
  response.writeHead(status, { 'content-type': contentType }).end(body);
}
