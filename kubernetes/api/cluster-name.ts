import { identityOf } from '../../domain/node/raw-object.ts';
import type { KubernetesConnection } from './client.ts';

/**
 * Returns a name for the cluster that nobody has to choose: the first eight characters of the UID of namespace
 * kube-system, which lasts as long as the cluster.
 */
export async function clusterNameOf(
  connection: Pick<KubernetesConnection, 'getJson'>,
): Promise<string> {
  const namespace = identityOf(await connection.getJson('/api/v1/namespaces/kube-system'));
  if (namespace === undefined) throw new Error('namespace kube-system has no UID');
  return namespace.uid.slice(0, 8);
}
