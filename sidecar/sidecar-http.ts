import type { Dispatcher } from 'undici';
import { Agent, request } from 'undici';

import type { SidecarAddress } from './sidecar-address.ts';
import type { SidecarFailure } from './sidecar-error.ts';
import { SidecarError } from './sidecar-error.ts';

interface SidecarRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly address: SidecarAddress;
  readonly path: string;
  readonly token?: string | undefined;
  readonly json?: unknown;
  /** Covers connecting, sending and the whole answer. */
  readonly timeoutMs: number;
}

export interface SidecarResponse {
  readonly status: number;
  readonly text: string;
}

/** Sends one request, without a retry. */
export type SendToSidecar = (request: SidecarRequest) => Promise<SidecarResponse>;

/** A task with its parameters and result is a few kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Gives every request a connection of its own: a pod's IP goes to its successor, and a connection kept from
 * before would at best fail, and at worst get its answer from the wrong pod.
 *
 * @param connectTimeoutMs how long an address may be silent before it counts as absent.
 */
export function createSidecarHttp(connectTimeoutMs: number): SendToSidecar {
  const dispatcher = new Agent({ connectTimeout: connectTimeoutMs, pipelining: 0, allowH2: false });
  return async ({ method, address, path, token, json, timeoutMs }) => {
    const url = `${address.baseUrl}${path}`;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const { statusCode, body } = await request(url, {
        method,
        dispatcher,
        signal,
        headers: {
          ...(address.host !== undefined && { host: address.host }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(json !== undefined && { 'content-type': 'application/json' }),
        },
        body: json === undefined ? null : JSON.stringify(json),
      });
      return { status: statusCode, text: await readBounded(body, statusCode, url) };
    } catch (err) {
      if (err instanceof SidecarError) throw err;
      const failure = failureOf(err, signal.aborted ? timeoutMs : undefined, connectTimeoutMs);
      const message = `${method} ${url}: ${describe(failure, err)}`;
      throw new SidecarError(failure, message, { cause: err });
    }
  };
}

async function readBounded(
  body: AsyncIterable<Uint8Array>,
  status: number,
  url: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      const message = `${url} answered ${status} with more than ${MAX_ANSWER_BYTES} bytes`;
      throw new SidecarError({ kind: 'http', status }, message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failureOf(
  error: unknown,
  expiredMs: number | undefined,
  connectTimeoutMs: number,
): SidecarFailure {
  if (expiredMs !== undefined) return { kind: 'timeout', timeoutMs: expiredMs };
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { kind: 'timeout', timeoutMs: connectTimeoutMs };
  return { kind: code === 'ECONNREFUSED' ? 'refused' : 'unreachable' };
}

function describe(failure: SidecarFailure, error: unknown): string {
  if (failure.kind === 'timeout') return `no answer within ${failure.timeoutMs} ms`;
  return error instanceof Error ? error.message : String(error);
}
