import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { targetFor } from '../../../domain/node/target.ts';
import { sidecarCondition } from '../../../domain/sidecar/sidecar-state.ts';
import { statusWithConditions } from '../../../domain/status/status-conditions.ts';
import { rbacProxyConfigFor } from '../../../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../../../manifests/service.ts';
import { statefulSetFor } from '../../../manifests/stateful-set.ts';
import { platform } from '../../manifests/fixtures.ts';
import type { FakeCluster } from '../cluster/fake-cluster.ts';
import type { SeiNodeParts } from '../sei-node.ts';
import { DEFAULT_SIDECAR, NOW, runningNode } from '../sei-node.ts';

/**
 * Creates a node with everything that its spec renders to, its pod included, so that nothing is due but what its status
 * says.
 */
export async function createRunning(
  cluster: FakeCluster,
  parts: SeiNodeParts = {},
): Promise<SeiNode> {
  const node = runningNode(parts);
  const target = targetFor(node, DEFAULT_SIDECAR);
  // Creates its objects first, so that no watch sees the node without them.
  const [service, configMap] = [serviceFor(node), rbacProxyConfigFor(node)];
  await cluster.api.applyService(service, await cluster.api.createService(service));
  await cluster.api.applyConfigMap(configMap, await cluster.api.createConfigMap(configMap));
  const { name, uid } = await cluster.api.applyStatefulSet(
    statefulSetFor(node, target, platform),
    undefined,
  );
  const status = {
    ...statusWithConditions(node, [sidecarCondition('ready')], NOW),
    statefulSet: { name, uid },
  };
  const created = cluster.createNode({ ...node, status: { ...status, ...parts.status } });
  cluster.settle();
  cluster.requests.clear();
  return created;
}
