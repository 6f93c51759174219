import type { ApiConstructor, ApiType } from '@kubernetes/client-node';
import {
  createConfiguration,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';

import type { Transport } from './transport.ts';

/** A typed API of the client library whose requests go over our transport. */
export function typedApi<Api extends ApiType>(
  transport: Transport,
  server: string,
  Api: ApiConstructor<Api>,
): Api {
  const httpApi = wrapHttpLibrary({
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
  return new Api(createConfiguration({ baseServer: new ServerConfiguration(server, {}), httpApi }));
}
