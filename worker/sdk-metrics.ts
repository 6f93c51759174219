import { once } from 'node:events';
import { createServer } from 'node:net';

import { request } from 'undici';

/** It is on this very machine and answers from memory; a scrape must not wait for it for long. */
const TIMEOUT_MS = 2_000;

/**
 * A loopback port for the SDK's own exporter, which cannot say which one it has taken. Somebody else may
 * take it first; then the worker does not start, and is started again.
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

/** What the SDK's exporter tells, in the text format of Prometheus. */
export async function readSdkMetrics(port: number): Promise<string> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/metrics`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await body.text();
  if (statusCode === 200) return text;
  throw new Error(`the SDK's exporter answered ${statusCode}`);
}
