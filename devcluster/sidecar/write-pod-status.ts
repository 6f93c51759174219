import { CoreV1Api } from '@kubernetes/client-node';

import type { Logger } from '../../domain/logger.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { AS_MERGE_PATCH } from '../../kubernetes/api/server-side-apply.ts';
import { settledWrite } from './settled-write.ts';
import type { WritePodStatus } from './status-writer.ts';

/** Writes the status of pods through the API server. */
export function podStatusWriter(connection: KubernetesConnection, logger: Logger): WritePodStatus {
  const core = connection.api(CoreV1Api);
  return (pod, body) => {
    const { namespace, name } = pod.metadata;
    return settledWrite(pod, logger, 'Could not write the status of a pod', () =>
      core.patchNamespacedPodStatus({ namespace, name, body }, AS_MERGE_PATCH),
    );
  };
}
