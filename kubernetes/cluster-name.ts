import { CoreV1Api } from '@kubernetes/client-node';

import type { KubernetesConnection } from './client.ts';

/**
 * A name for the cluster that nobody had to choose: the first eight characters of the UID of
 * namespace kube-system, which lasts as long as the cluster.
 */
export async function clusterNameOf(connection: KubernetesConnection): Promise<string> {
  const namespace = await connection.api(CoreV1Api).readNamespace({ name: 'kube-system' });
  const uid = namespace.metadata?.uid;
  if (uid === undefined) throw new Error('namespace kube-system has no UID');
  return uid.slice(0, 8);
}
