import { userInfo } from 'node:os';

import { isRawObject } from '../../domain/node/raw-object.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';

/**
 * Returns who steers, for the record: the user that the API server takes us for. Falls back to the account on this
 * machine where nobody logs in, and for a server before Kubernetes 1.28, which cannot say.
 */
export async function actorOf(kubernetes: KubernetesConnection): Promise<string> {
  const local = `${userInfo().username} (local account)`;
  try {
    const review = await kubernetes.send({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    const status = isRawObject(review) ? review['status'] : undefined;
    const user = isRawObject(status) ? status['userInfo'] : undefined;
    const username = isRawObject(user) ? user['username'] : undefined;
    return typeof username === 'string' && username !== 'system:anonymous' ? username : local;
  } catch {
    return local;
  }
}
