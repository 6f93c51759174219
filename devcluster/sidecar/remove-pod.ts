import type { Logger } from '../../domain/logger.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import type { RemovePod } from './pod-remover.ts';
import { settledWrite } from './settled-write.ts';

/** Removes pods through the API server, by UID. */
export function podRemoval(connection: KubernetesConnection, logger: Logger): RemovePod {
  return (pod) => {
    const { namespace, name, uid } = pod.metadata;
    const body = { gracePeriodSeconds: 0, preconditions: { uid } };
    return settledWrite(pod, logger, 'Could not remove a pod', () =>
      connection.send({
        method: 'DELETE',
        path: `/api/v1/namespaces/${namespace}/pods/${name}`,
        body,
      }),
    );
  };
}
