import { userInfo } from 'node:os';

import { isRawObject } from '../../domain/node/raw-object.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';

/**
 * Who steers, for the record: the user that the API server takes us for. A server before Kubernetes
 * 1.28 does not tell; the account on this machine is named then, and so it is where nobody logs in.
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
