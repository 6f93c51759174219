import type { ApiConstructor, ApiType } from '@kubernetes/client-node';
import {
  createConfiguration,
  PatchStrategy,
  ResponseContext,
  ServerConfiguration,
  setHeaderOptions,
  wrapHttpLibrary,
} from '@kubernetes/client-node';

import { parseJson } from '../../../domain/node/raw-object.ts';
import type { ApiRequest, KubernetesConnection } from '../../../kubernetes/api/client.ts';

/** Without it the typed APIs send a JSON patch. */
export const AS_MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** Makes a typed API of the client library whose requests go over our connection. */
export function typedApi<Api extends ApiType>(
  connection: KubernetesConnection,
  Api: ApiConstructor<Api>,
): Api {
  const httpApi = wrapHttpLibrary({
    send: async (request) => {
      const body = request.getBody();
      if (body !== undefined && typeof body !== 'string') {
        throw new TypeError('Only textual request bodies are sent to the Kubernetes API');
      }
      const contentType = request.getHeaders()['Content-Type'];
      const answer = await connection.send({
        method: request.getHttpMethod() as ApiRequest['method'],
        path: request.getUrl().slice(connection.server.length),
        ...(body !== undefined && { body: parseJson(body) as object }),
        ...(contentType !== undefined && { contentType }),
        signal: request.getSignal(),
      });
      const text = JSON.stringify(answer);
      return new ResponseContext(
        200,
        { 'content-type': 'application/json' },
        {
          text: () => Promise.resolve(text),
          binary: () => Promise.resolve(Buffer.from(text)),
          stream: () => null,
        },
      );
    },
  });
  return new Api(
    createConfiguration({ baseServer: new ServerConfiguration(connection.server, {}), httpApi }),
  );
}
