import { once } from 'node:events';
import { createServer } from 'node:net';

import { request } from 'undici';

/** Short, because the exporter is on this machine and answers from memory, and a scrape must not wait for long. */
const TIMEOUT_MS = 2_000;

/**
 * Finds a free loopback port for the exporter of the SDK, which cannot report a port that it has chosen. Another
 * process may take it first; then the worker does not start, and is started again.
 */
export async function freeLoopbackPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has no port');
  return address.port;
}

/** Reads the metrics of the SDK's exporter, in the text format of Prometheus. */
export async function readSdkMetrics(port: number): Promise<string> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/metrics`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await body.text();
  if (statusCode === 200) return text;
  throw new Error(`the SDK's exporter answered ${statusCode}`);
}
