/**
 * Platform settings of the devcluster, under the environment names of the worker and the watcher.
 *
 * They are small enough that thousands of pods fit on the simulated nodes; node pools and storage classes are those
 * that an instance creates at its start.
 */
export const platform = {
  SEI_NODEPOOL_NAME: 'sei-node',
  SEI_NODEPOOL_ARCHIVE: 'sei-archive',
  SEI_TOLERATION_KEY: 'sei.io/workload',
  // Every namespace has this account from the start; no test needs to create one.
  SEI_SERVICE_ACCOUNT: 'default',
  SEI_STORAGE_CLASS_PERF: 'fast',
  SEI_STORAGE_CLASS_DEFAULT: 'standard',
  SEI_STORAGE_CLASS_ARCHIVE: 'bulk',
  SEI_STORAGE_SIZE_DEFAULT: '10Gi',
  SEI_STORAGE_SIZE_ARCHIVE: '40Gi',
  SEI_RESOURCE_CPU_ARCHIVE: '2',
  SEI_RESOURCE_MEM_ARCHIVE: '4Gi',
  SEI_RESOURCE_CPU_DEFAULT: '1',
  SEI_RESOURCE_MEM_DEFAULT: '2Gi',
  SEI_SNAPSHOT_BUCKET: 'devcluster-snapshots',
  SEI_SNAPSHOT_REGION: 'eu-central-1',
  SEI_RESULT_EXPORT_BUCKET: 'devcluster-results',
  SEI_RESULT_EXPORT_REGION: 'eu-central-1',
  SEI_RESULT_EXPORT_PREFIX: 'shadow-results',
  SEI_GENESIS_BUCKET: 'devcluster-genesis',
  SEI_GENESIS_REGION: 'eu-central-1',
  SEI_GATEWAY_NAME: 'devcluster',
  SEI_GATEWAY_NAMESPACE: 'gateway',
  SEI_GATEWAY_DOMAIN: 'devcluster.test',
  SEI_SIDECAR_IMAGE: 'ghcr.io/sei-protocol/seictl:v0.0.30',
  SEI_KUBE_RBAC_PROXY_IMAGE: 'quay.io/brancz/kube-rbac-proxy:v0.19.1',
  SEI_COSMOS_EXPORTER_IMAGE: 'ghcr.io/sei-protocol/sei-cosmos-exporter:v1.0.0',
} as const satisfies Readonly<Record<string, string>>;
