import { z } from 'zod';

import type { PlatformSettings } from './platform-settings.ts';
import {
  bucketName,
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
 * SEI_STORAGE_CLASS_DEFAULT, which only seed nodes used) may be set and are not looked at.
 */
const variables = z.object({
  SEI_NODEPOOL_NAME: labelValue,
  SEI_NODEPOOL_ARCHIVE: labelValue,
  SEI_TOLERATION_KEY: taintKey,
  SEI_SERVICE_ACCOUNT: serviceAccount,
  SEI_STORAGE_CLASS_PERF: storageClass,
  SEI_STORAGE_CLASS_ARCHIVE: storageClass,
  SEI_STORAGE_SIZE_DEFAULT: quantity,
  SEI_STORAGE_SIZE_ARCHIVE: quantity,
  SEI_RESOURCE_CPU_DEFAULT: quantity,
  SEI_RESOURCE_MEM_DEFAULT: quantity,
  SEI_RESOURCE_CPU_ARCHIVE: quantity,
  SEI_RESOURCE_MEM_ARCHIVE: quantity,
  SEI_SNAPSHOT_BUCKET: bucketName,
  SEI_SNAPSHOT_REGION: region,
  SEI_GENESIS_BUCKET: bucketName,
  SEI_GENESIS_REGION: region,
  SEI_SIDECAR_IMAGE: image,
  SEI_KUBE_RBAC_PROXY_IMAGE: image,
  SEI_COSMOS_EXPORTER_IMAGE: image,
});

/**
 * The settings of an installation that is configured by environment variables: an archive node has
 * its own values, all other roles share the default ones.
 *
 * @throws SettingsError
 */
export function readSettingsEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): PlatformSettings {
  const parsed = variables.safeParse(env);
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
