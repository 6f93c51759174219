import { z } from 'zod';

import { DEFAULT_CLUSTER_DOMAIN } from '../domain/pod/pod-host.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import { DEFAULT_TERMINATION_GRACE_SECONDS } from './setting-defaults.ts';
import {
  bucketName,
  clusterDomain,
  graceSeconds,
  image,
  labelValue,
  quantity,
  region,
  serviceAccount,
  storageClass,
  taintKey,
} from './setting-syntax.ts';
import { SettingsError, settingProblems } from './settings-error.ts';

/**
 * The variables that rendering reads. Others of the original (SEI_GATEWAY_*, SEI_RESULT_EXPORT_*,
 * SEI_STORAGE_CLASS_DEFAULT, which only seed nodes used) may be set, and nothing looks at them.
 * Descriptions go into docs/configuration.md, which is generated from them.
 */
export const platformVariables = z.object({
  SEI_NODEPOOL_NAME: labelValue.describe(
    'Node pool of all nodes but archives: the pool label of Karpenter and the value of the taint.',
  ),
  SEI_NODEPOOL_ARCHIVE: labelValue.describe('The same for archive nodes.'),
  SEI_TOLERATION_KEY: taintKey.describe('Key of that taint.'),
  SEI_SERVICE_ACCOUNT: serviceAccount.describe(
    "ServiceAccount of the nodes' pods, in each namespace of nodes.",
  ),
  SEI_STORAGE_CLASS_PERF: storageClass.describe(
    'StorageClass of new data volumes, except those of archives.',
  ),
  SEI_STORAGE_CLASS_ARCHIVE: storageClass.describe('StorageClass of new data volumes of archives.'),
  SEI_STORAGE_SIZE_DEFAULT: quantity.describe(
    'Size of new data volumes, except those of archives.',
  ),
  SEI_STORAGE_SIZE_ARCHIVE: quantity.describe('Size of new data volumes of archives.'),
  SEI_RESOURCE_CPU_DEFAULT: quantity.describe('CPU that seid requests.'),
  SEI_RESOURCE_MEM_DEFAULT: quantity.describe('Memory that seid requests.'),
  SEI_RESOURCE_CPU_ARCHIVE: quantity.describe('CPU that seid of an archive requests.'),
  SEI_RESOURCE_MEM_ARCHIVE: quantity.describe('Memory that seid of an archive requests.'),
  SEI_SNAPSHOT_BUCKET: bucketName.describe(
    'Bucket that snapshots are restored from and published to.',
  ),
  SEI_SNAPSHOT_REGION: region.describe('Its region.'),
  SEI_GENESIS_BUCKET: bucketName.describe('Bucket of genesis files.'),
  SEI_GENESIS_REGION: region.describe('Its region.'),
  SEI_SIDECAR_IMAGE: image.describe('Sidecar image of the nodes whose spec names none.'),
  SEI_KUBE_RBAC_PROXY_IMAGE: image.describe('Image of the proxy in front of each sidecar.'),
  SEI_COSMOS_EXPORTER_IMAGE: image.describe('Image of the exporter of chain metrics in each pod.'),
  SEI_CLUSTER_DOMAIN: clusterDomain
    .default(DEFAULT_CLUSTER_DOMAIN)
    .describe("DNS domain of the cluster's Services, through which nodes find each other."),
  SEI_TERMINATION_GRACE_SECONDS: graceSeconds
    .default(DEFAULT_TERMINATION_GRACE_SECONDS)
    .describe(
      'Seconds that pods of nodes may take to end before the kubelet kills them; the `spec` of a node wins.',
    ),
});

/**
 * Returns the settings of an installation that environment variables configure: an archive node has its own
 * values, all other roles share the default ones.
 *
 * @throws SettingsError
 */
export function readSettingsEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): PlatformSettings {
  const parsed = platformVariables.safeParse(env);
  if (!parsed.success) {
    throw new SettingsError('the environment', settingProblems(parsed.error.issues, env));
  }
  const value = parsed.data;
  const nodePool = value.SEI_NODEPOOL_NAME;
  const storage = {
    className: value.SEI_STORAGE_CLASS_PERF,
    size: value.SEI_STORAGE_SIZE_DEFAULT,
  };
  const resources = {
    requests: { cpu: value.SEI_RESOURCE_CPU_DEFAULT, memory: value.SEI_RESOURCE_MEM_DEFAULT },
  };
  return {
    clusterDomain: value.SEI_CLUSTER_DOMAIN,
    terminationGraceSeconds: value.SEI_TERMINATION_GRACE_SECONDS,
    scheduling: {
      nodePool: {
        node: nodePool,
        replayer: nodePool,
        validator: nodePool,
        archive: value.SEI_NODEPOOL_ARCHIVE,
      },
      tolerationKey: value.SEI_TOLERATION_KEY,
      serviceAccount: value.SEI_SERVICE_ACCOUNT,
    },
    storage: {
      node: storage,
      replayer: storage,
      validator: storage,
      archive: {
        className: value.SEI_STORAGE_CLASS_ARCHIVE,
        size: value.SEI_STORAGE_SIZE_ARCHIVE,
      },
    },
    resources: {
      node: resources,
      replayer: resources,
      validator: resources,
      archive: {
        requests: { cpu: value.SEI_RESOURCE_CPU_ARCHIVE, memory: value.SEI_RESOURCE_MEM_ARCHIVE },
      },
    },
    genesisBucket: { name: value.SEI_GENESIS_BUCKET, region: value.SEI_GENESIS_REGION },
    snapshotBucket: { name: value.SEI_SNAPSHOT_BUCKET, region: value.SEI_SNAPSHOT_REGION },
    images: {
      sidecar: value.SEI_SIDECAR_IMAGE,
      rbacProxy: value.SEI_KUBE_RBAC_PROXY_IMAGE,
      cosmosExporter: value.SEI_COSMOS_EXPORTER_IMAGE,
    },
  };
}
