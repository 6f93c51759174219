import type { Logger } from '../../domain/logger.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { settledWrite } from './settled-write.ts';
import type { WritePodStatus } from './status-writer.ts';

/** Writes the status of pods through the API server. */
export function podStatusWriter(connection: KubernetesConnection, logger: Logger): WritePodStatus {
  return (pod, body) => {
    const { namespace, name } = pod.metadata;
    return settledWrite(pod, logger, 'Could not write the status of a pod', () =>
      connection.send({
        method: 'PATCH',
        path: `/api/v1/namespaces/${namespace}/pods/${name}/status`,
        contentType: 'application/merge-patch+json',
        body,
      }),
    );
  };
}
