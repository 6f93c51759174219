import { CoreV1Api } from '@kubernetes/client-node';

import type { Logger } from '../../domain/logger.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import type { RemovePod } from './pod-remover.ts';
import { settledWrite } from './settled-write.ts';

/** Removes pods through the API server, by UID. */
export function podRemoval(connection: KubernetesConnection, logger: Logger): RemovePod {
  const core = connection.api(CoreV1Api);
  return (pod) => {
    const { namespace, name, uid } = pod.metadata;
    const body = { gracePeriodSeconds: 0, preconditions: { uid } };
    return settledWrite(pod, logger, 'Could not remove a pod', () =>
      core.deleteNamespacedPod({ namespace, name, body }),
    );
  };
}
