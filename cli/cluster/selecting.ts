import type { KubernetesConnection } from '../../kubernetes/api/client.ts';

type Streams = Pick<KubernetesConnection, 'openStream'>;

/** Returns the connection, for lists and watches of the objects that a field selector chooses. */
export function selecting({ openStream }: Streams, fieldSelector: string): Streams {
  const query = new URLSearchParams({ fieldSelector }).toString();
  return {
    openStream: (path, options) =>
      openStream(`${path}${path.includes('?') ? '&' : '?'}${query}`, options),
  };
}
