import { setTimeout as sleep } from 'node:timers/promises';

import { CoreV1Api } from '@kubernetes/client-node';

import type { KubernetesConnection } from '../../kubernetes/client.ts';
import { isConflict, isNotFound } from '../../kubernetes/errors.ts';
import type { Logger } from '../../kubernetes/logger.ts';
import type { RemovePod } from './pod-remover.ts';

// As in write-pod-status.ts.
const RETRY_MS = 200;

/** Removes pods through the API server, by UID. */
export function podRemoval(connection: KubernetesConnection, logger: Logger): RemovePod {
  const core = connection.api(CoreV1Api);
  return async ({ metadata: { namespace, name, uid } }) => {
    const body = { gracePeriodSeconds: 0, preconditions: { uid } };
    try {
      await core.deleteNamespacedPod({ namespace, name, body });
      return 'settled';
    } catch (error) {
      // It is gone, and another may have its name by now.
      if (isConflict(error) || isNotFound(error)) return 'settled';
      logger.warn('Could not remove a pod', { namespace, name, error });
      await sleep(RETRY_MS);
      return 'failed';
    }
  };
}
