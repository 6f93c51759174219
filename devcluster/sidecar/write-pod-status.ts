import { setTimeout as sleep } from 'node:timers/promises';

import { CoreV1Api } from '@kubernetes/client-node';

import type { KubernetesConnection } from '../../kubernetes/client.ts';
import { isConflict, isNotFound } from '../../kubernetes/errors.ts';
import type { Logger } from '../../kubernetes/logger.ts';
import { AS_MERGE_PATCH } from '../../kubernetes/server-side-apply.ts';
import type { WritePodStatus } from './status-writer.ts';

// Long enough not to keep an API server busy that is restarting, short enough for a test to wait.
const RETRY_MS = 200;

/** Writes the status of pods through the API server. */
export function podStatusWriter(connection: KubernetesConnection, logger: Logger): WritePodStatus {
  const core = connection.api(CoreV1Api);
  return async ({ metadata: { namespace, name } }, body) => {
    try {
      await core.patchNamespacedPodStatus({ namespace, name, body }, AS_MERGE_PATCH);
      return 'settled';
    } catch (error) {
      // The pod has changed or is gone, and the watch is about to say so.
      if (isConflict(error) || isNotFound(error)) return 'settled';
      logger.warn('Could not write the status of a pod', { namespace, name, error });
      await sleep(RETRY_MS);
      return 'failed';
    }
  };
}
