import { parseJson } from '../../domain/node/raw-object.ts';
import { REQUEST_TIMEOUT_MS } from '../../domain/run/time-limits.ts';
import { ApiError } from './api-error.ts';
import { createCredentialSource } from './credential-source.ts';
import { credentialReader } from './credentials.ts';
import { createDispatcherCache } from './dispatchers.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import type { TransportRequest, TransportResponse } from './transport.ts';
import { createTransport } from './transport.ts';

export interface ConnectOptions {
  /** A kubeconfig file. Default: `KUBECONFIG`, then in-cluster, then `~/.kube/config`. */
  readonly kubeconfigPath?: string | undefined;
  /** Default: the kubeconfig's current context. */
  readonly context?: string | undefined;
  /** Sent with every request: audit logs and request counts identify us by it. */
  readonly userAgent: string;
  readonly requestTimeoutMs?: number | undefined;
}

export interface ApiRequest {
  readonly method: TransportRequest['method'];
  /** With its query, such as `/api/v1/namespaces/ns/pods?limit=1`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Default: application/json. Selects the kind of a patch. */
  readonly contentType?: string;
  /** The media type of the answer. Default: JSON of the whole object. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A connection to one cluster, over reused connections. Sends nothing before the first call. */
export interface KubernetesConnection {
  /** The API server's URL. */
  readonly server: string;
  /** The default namespace, as for kubectl: that of the context, that of the pod, or `default`. */
  readonly namespace: string;
  /** Sends one call and returns the parsed JSON of the answer. Throws ApiError when it is refused. */
  send(request: ApiRequest): Promise<unknown>;
  getJson(path: string, signal?: AbortSignal): Promise<unknown>;
  /**
   * Streams the bytes of an answer, a watch or a long list, on a connection that no call waits for. Throws ApiError
   * when it is refused.
   */
  openStream(path: string, options: StreamOptions): Promise<AsyncIterable<Uint8Array>>;
  /** Breaks every connection. */
  close(): Promise<void>;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** The silence that ends the stream with an error. */
  readonly silenceMs: number;
  /** The media type of the answer. Default: JSON of whole objects. */
  readonly accept?: string | undefined;
}

/** @throws one Error that says what is wrong with the configuration, or where it was looked for */
export function connect(options: ConnectOptions): KubernetesConnection {
  const path = options.kubeconfigPath;
  const { cluster, context, namespace } = loadKubeconfig({ path, context: options.context });
  // A reload only renews the credentials: it follows neither a changed current context nor a changed server.
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
