import type { ApiConstructor, ApiType } from '@kubernetes/client-node';
import {
  ApiException,
  createConfiguration,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';

import { credentialSource } from './credentials.ts';
import { dispatcherCache } from './dispatchers.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { parseJson } from './raw-object.ts';
import type { Transport, TransportResponse } from './transport.ts';
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

/** One cluster, over connections that are reused. Nothing is sent before the first call. */
export interface KubernetesConnection {
  /** The API server's URL. */
  readonly server: string;
  /** A typed API of @kubernetes/client-node. */
  api<Api extends ApiType>(type: ApiConstructor<Api>): Api;
  /** The parsed JSON at `path` (with its query); throws ApiException when it is refused. */
  getJson(path: string, signal?: AbortSignal): Promise<unknown>;
  /** The bytes of a watch at `path`; throws ApiException when it is refused. */
  openWatch(
    path: string,
    options: { readonly signal: AbortSignal; readonly silenceMs: number },
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Breaks every connection. */
  close(): Promise<void>;
}

/**
 * Admission webhooks get 10 s by default before the API server gives up on them, and it then says
 * which one; a shorter time-out would hide that.
 */
const REQUEST_TIMEOUT_MS = 15_000;

/** @throws one Error that says what is wrong with the configuration, or where it was looked for. */
export function connect(options: ConnectOptions): KubernetesConnection {
  const path = options.kubeconfigPath;
  const config = loadKubeconfig({ path, context: options.context });
  // Reloads are for new credentials only; they must not follow a changed current context elsewhere.
  const context = config.getCurrentContext();
  const server = config.getCurrentCluster()?.server.replace(/\/+$/, '') ?? '';
  const dispatchers = dispatcherCache();
  const transport = createTransport({
    credentials: credentialSource(config, () => loadKubeconfig({ path, context })),
    dispatchers,
    userAgent: options.userAgent,
    callTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  });
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    httpApi: httpLibrary(transport),
  });

  return {
    server,
    api: (Api) => new Api(configuration),
    getJson: async (path, signal) => {
      const response = await transport.call({ method: 'GET', url: server + path, signal });
      if (response.status !== 200) throw refusal(response);
      return parseJson(response.body);
    },
    openWatch: async (path, { signal, silenceMs }) => {
      const request = { method: 'GET', url: server + path, signal } as const;
      const response = await transport.stream(request, silenceMs);
      if (response.status === 200) return response.body;
      throw refusal({ ...response, body: await textOf(response.body) });
    },
    close: () => dispatchers.destroy(),
  };
}

/** Puts the typed APIs of the client library on our transport. */
function httpLibrary(transport: Transport) {
  return wrapHttpLibrary({
    send: async (request) => {
      const body = request.getBody();
      if (body !== undefined && typeof body !== 'string') {
        throw new TypeError('Only textual request bodies are sent to the Kubernetes API');
      }
      const response = await transport.call({
        method: request.getHttpMethod(),
        url: request.getUrl(),
        headers: request.getHeaders(),
        body,
        signal: request.getSignal(),
      });
      return new ResponseContext(
        response.status,
        { ...response.headers },
        {
          text: () => Promise.resolve(response.body),
          binary: () => Promise.resolve(Buffer.from(response.body)),
          stream: () => null,
        },
      );
    },
  });
}

function refusal(response: TransportResponse<string>): ApiException<string> {
  return new ApiException(response.status, 'refused', response.body, { ...response.headers });
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
