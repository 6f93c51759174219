import type { ApiConstructor, ApiType } from '@kubernetes/client-node';

import { parseJson } from '../../domain/raw-object.ts';
import { REQUEST_TIMEOUT_MS } from '../../domain/time-limits.ts';
import { ApiError } from './api-error.ts';
import { createCredentialSource } from './credential-source.ts';
import { credentialReader } from './credentials.ts';
import { createDispatcherCache } from './dispatchers.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { lazyApi } from './lazy-api.ts';
import type { TransportRequest, TransportResponse } from './transport.ts';
import { createTransport } from './transport.ts';

export interface ConnectOptions {
  /** A kubeconfig file. Default: `KUBECONFIG`, then in-cluster, then `~/.kube/config`. */
  readonly kubeconfigPath?: string | undefined;
  /** Default: the kubeconfig's current context. */
  readonly context?: string | undefined;
  /** Sent with every request: audit logs and request counts tell us apart by it. */
  readonly userAgent: string;
  readonly requestTimeoutMs?: number | undefined;
}

export interface ApiRequest {
  readonly method: TransportRequest['method'];
  /** With its query, such as `/api/v1/namespaces/ns/pods?limit=1`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Default: application/json. A patch says by it which kind of patch it is. */
  readonly contentType?: string;
  /** The media type of the answer. Default: JSON of the whole object. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

/** One cluster, over connections that are reused. Nothing is sent before the first call. */
export interface KubernetesConnection {
  /** The API server's URL. */
  readonly server: string;
  /** What is meant where none is named, as for kubectl: the context's, the pod's own, or `default`. */
  readonly namespace: string;
  /** One call; the parsed JSON of the answer. Throws ApiError when it is refused. */
  send(request: ApiRequest): Promise<unknown>;
  getJson(path: string, signal?: AbortSignal): Promise<unknown>;
  /**
   * The bytes of an answer as they come, on a connection that no call waits for: a watch or a long
   * list. Throws ApiError when it is refused.
   */
  openStream(path: string, options: StreamOptions): Promise<AsyncIterable<Uint8Array>>;
  /**
   * A typed API of @kubernetes/client-node, for tools and tests. The library comes with its first
   * call: it takes 50 MB and half a second, which the operator's own processes do without.
   */
  api<Api extends ApiType>(type: ApiConstructor<Api>): Api;
  /** Breaks every connection. */
  close(): Promise<void>;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** No bytes for so long end the stream with an error. */
  readonly silenceMs: number;
  /** The media type of the answer. Default: JSON of whole objects. */
  readonly accept?: string | undefined;
}

/** @throws one Error that says what is wrong with the configuration, or where it was looked for. */
export function connect(options: ConnectOptions): KubernetesConnection {
  const path = options.kubeconfigPath;
  const { cluster, context, namespace } = loadKubeconfig({ path, context: options.context });
  // Reloads are for new credentials only: they follow neither a changed current context nor server.
  const load = () => credentialReader({ ...loadKubeconfig({ path, context }), cluster });
  const { server } = cluster;
  const dispatchers = createDispatcherCache();
  const transport = createTransport({
    credentials: createCredentialSource(load),
    dispatchers,
    userAgent: options.userAgent,
    callTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  });

  const send = async (request: ApiRequest): Promise<unknown> => {
    const { method, body, contentType = 'application/json', accept, signal } = request;
    const response = await transport.call({
      method,
      url: server + request.path,
      headers: {
        ...(body !== undefined && { 'content-type': contentType }),
        ...(accept !== undefined && { accept }),
      },
      body: body && JSON.stringify(body),
      signal,
    });
    if (!isSuccess(response)) throw refusal(response, response.body);
    return parseJson(response.body);
  };

  return {
    server,
    namespace: namespace ?? 'default',
    send,
    getJson: (path, signal) => send({ method: 'GET', path, signal }),
    openStream: async (path, { signal, silenceMs, accept }) => {
      const headers = accept === undefined ? {} : { accept };
      const request = { method: 'GET', url: server + path, headers, signal } as const;
      const response = await transport.stream(request, silenceMs);
      if (isSuccess(response)) return response.body;
      throw refusal(response, await textOf(response.body));
    },
    api: (Api) =>
      lazyApi(async () => {
        const { typedApi } = await import('./typed-api.ts');
        return typedApi(transport, server, Api);
      }),
    close: () => dispatchers.destroy(),
  };
}

function isSuccess({ status }: TransportResponse<unknown>): boolean {
  return status >= 200 && status < 300;
}

function refusal({ status, headers }: TransportResponse<unknown>, body: string): ApiError {
  return new ApiError(status, body, headers);
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
