import type { IncomingHttpHeaders } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

import type { Dispatcher } from 'undici';
import { request } from 'undici';

import type { CredentialSource } from './credential-source.ts';
import type { DispatcherCache } from './dispatchers.ts';
import { TransportError } from './errors.ts';

export interface TransportRequest {
  readonly method: Dispatcher.HttpMethod;
  /** An absolute URL, with its query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportResponse<Body> {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** HTTP to the API server with our credentials. Returns answers of every status; only a missing answer throws. */
export interface Transport {
  /** Makes one call, which ends with its whole answer or at the time-out. */
  call(request: TransportRequest): Promise<TransportResponse<string>>;
  /**
   * Streams an answer until either side ends it, on a connection of its own.
   *
   * @param silenceMs the silence that ends it with an error
   */
  stream(
    request: TransportRequest,
    silenceMs: number,
  ): Promise<TransportResponse<AsyncIterable<Uint8Array>>>;
}

export interface TransportOptions {
  readonly credentials: CredentialSource;
  readonly dispatchers: DispatcherCache;
  readonly userAgent: string;
  readonly callTimeoutMs: number;
}

export function createTransport(options: TransportOptions): Transport {
  const { credentials, dispatchers, userAgent, callTimeoutMs } = options;

  const send = async (
    { method, url, headers, body }: TransportRequest,
    pool: 'calls' | 'watches',
    bounds: { readonly signal?: AbortSignal; headersTimeout?: number; bodyTimeout?: number },
  ): Promise<Dispatcher.ResponseData> => {
    const current = await credentials.current();
    const response = await request(url, {
      method,
      headers: { ...headers, ...current.headers, 'user-agent': userAgent },
      body: body ?? null,
      // Otherwise undici closes the connection after a DELETE that has a body.
      reset: false,
      dispatcher: dispatchers.for(current.route)[pool],
      ...bounds,
    });
    if (response.statusCode === 401) credentials.refused();
    return response;
  };

  return {
    call: async (call) => {
      const timeout = AbortSignal.timeout(callTimeoutMs);
      const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
      try {
        const response = await send(call, 'calls', { signal });
        return { ...head(response), body: await response.body.text() };
      } catch (err) {
        const reason = timeout.aborted ? `no answer within ${callTimeoutMs} ms` : undefined;
        throw asTransportError(err, call, reason);
      }
    },
    stream: async (call, silenceMs) => {
      try {
        const response = await send(call, 'watches', {
          ...(call.signal === undefined ? {} : { signal: call.signal }),
          headersTimeout: silenceMs,
          bodyTimeout: silenceMs,
        });
        return { ...head(response), body: chunksOf(response.body, call) };
      } catch (err) {
        throw asTransportError(err, call);
      }
    },
  };
}

async function* chunksOf(
  body: AsyncIterable<Uint8Array>,
  call: TransportRequest,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
    // undici frees the connection a turn later; a request before that would open another one.
    await turn();
  } catch (err) {
    throw asTransportError(err, call);
  }
}

function head(
  response: Dispatcher.ResponseData,
): Pick<TransportResponse<unknown>, 'status' | 'headers'> {
  return { status: response.statusCode, headers: flatten(response.headers) };
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Keeps an abort by the caller as it is: it is no failure of the transport. */
function asTransportError(error: unknown, call: TransportRequest, reason?: string): unknown {
  if (call.signal?.aborted === true) return error;
  const { origin, pathname } = new URL(call.url);
  const message = `${call.method} ${origin}${pathname}: ${reason ?? messageOf(error)}`;
  return new TransportError(message, { cause: error });
}

/** Unwraps an AggregateError, whose own message is empty: a name with several addresses fails with one. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(messageOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
