import { parse } from 'yaml';
import { z } from 'zod';

import type { Resources } from '../domain/node/sei-node.ts';
import { DEFAULT_CLUSTER_DOMAIN } from '../domain/pod/pod-host.ts';
import { errorCode } from '../domain/text/error-code.ts';
import { shownPath } from '../domain/text/shown-value.ts';
import { syntaxFault } from '../domain/text/syntax-fault.ts';
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

/** An absent section counts as an empty one, so that the error names each key that it lacks. */
function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.preprocess(
    (value) => value ?? {},
    z.strictObject(shape, { error: 'a mapping of keys to values' }),
  );
}

const bucket = section({
  bucket: bucketName.describe('Name of the bucket.'),
  region: region.describe('Its region.'),
});
const unread = z.unknown().optional().describe('Accepted; nothing reads it.');
const roleSize = section({
  cpuRequest: quantity.optional().describe('CPU that seid of this role requests.'),
  memory: quantity.optional().describe('Memory that it requests, and is limited to.'),
});

/**
 * The original operator's layout. Refuses an unknown key: a misspelt size would otherwise silently fall
 * back to its default. Descriptions go into docs/configuration.md, which is generated from them.
 */
export const platformFile = section({
  scheduling: section({
    nodepoolName: labelValue.describe('As `SEI_NODEPOOL_NAME`.'),
    nodepoolArchive: labelValue.describe('As `SEI_NODEPOOL_ARCHIVE`.'),
    nodepoolValidator: labelValue
      .optional()
      .describe('Node pool of validators. By default `nodepoolName`.'),
    nodepoolSeed: unread,
    tolerationKey: taintKey.describe('As `SEI_TOLERATION_KEY`.'),
    serviceAccount: serviceAccount.describe('As `SEI_SERVICE_ACCOUNT`.'),
  }),
  storage: section({
    classPerf: storageClass.describe('As `SEI_STORAGE_CLASS_PERF`.'),
    classArchive: storageClass.describe('As `SEI_STORAGE_CLASS_ARCHIVE`.'),
    classDefault: unread,
    sizeDefault: quantity.describe('As `SEI_STORAGE_SIZE_DEFAULT`.'),
    sizeArchive: quantity.describe('As `SEI_STORAGE_SIZE_ARCHIVE`.'),
  }),
  resources: section({
    validator: roleSize,
    node: roleSize,
    replayer: roleSize,
    archive: roleSize,
    seed: unread,
  }),
  snapshot: bucket,
  genesis: bucket,
  resultExport: unread,
  stateSync: unread,
  images: section({
    sidecar: image.describe('As `SEI_SIDECAR_IMAGE`.'),
    kubeRBACProxy: image.describe('As `SEI_KUBE_RBAC_PROXY_IMAGE`.'),
    cosmosExporter: image.describe('As `SEI_COSMOS_EXPORTER_IMAGE`.'),
  }),
  clusterDomain: clusterDomain.default(DEFAULT_CLUSTER_DOMAIN).describe('As `SEI_CLUSTER_DOMAIN`.'),
  terminationGraceSeconds: graceSeconds
    .default(DEFAULT_TERMINATION_GRACE_SECONDS)
    .describe('As `SEI_TERMINATION_GRACE_SECONDS`.'),
});

/**
 * Returns the settings of an installation that a YAML file configures.
 *
 * @throws SettingsError
 */
export function readSettingsFile(
  path: string,
  readFile: (path: string) => string,
): PlatformSettings {
  const content = readYaml(path, readFile);
  const parsed = platformFile.safeParse(content);
  if (!parsed.success) {
    throw new SettingsError(
      `${path} (SEI_CONTROLLER_CONFIG)`,
      settingProblems(parsed.error.issues, content),
    );
  }
  const { scheduling, storage, resources, snapshot, genesis, images } = parsed.data;
  const nodePool = scheduling.nodepoolName;
  const volume = { className: storage.classPerf, size: storage.sizeDefault };
  return {
    clusterDomain: parsed.data.clusterDomain,
    terminationGraceSeconds: parsed.data.terminationGraceSeconds,
    scheduling: {
      nodePool: {
        node: nodePool,
        replayer: nodePool,
        validator: scheduling.nodepoolValidator ?? nodePool,
        archive: scheduling.nodepoolArchive,
      },
      tolerationKey: scheduling.tolerationKey,
      serviceAccount: scheduling.serviceAccount,
    },
    storage: {
      node: volume,
      replayer: volume,
      validator: volume,
      archive: { className: storage.classArchive, size: storage.sizeArchive },
    },
    // The defaults are the original's.
    resources: {
      validator: sized(resources.validator, { cpu: '16', memory: '128Gi' }),
      node: sized(resources.node, { cpu: '32', memory: '256Gi' }),
      replayer: sized(resources.replayer, { cpu: '32', memory: '256Gi' }),
      archive: sized(resources.archive, { cpu: '64', memory: '512Gi' }),
    },
    genesisBucket: { name: genesis.bucket, region: genesis.region },
    snapshotBucket: { name: snapshot.bucket, region: snapshot.region },
    images: {
      sidecar: images.sidecar,
      rbacProxy: images.kubeRBACProxy,
      cosmosExporter: images.cosmosExporter,
    },
  };
}

/** Takes the file's `memory` both as the request and as the limit; sets no limit for CPU. */
function sized(
  size: z.infer<typeof roleSize>,
  byDefault: { readonly cpu: string; readonly memory: string },
): Resources {
  const { cpuRequest: cpu = byDefault.cpu, memory = byDefault.memory } = size;
  return { requests: { cpu, memory }, limits: { memory } };
}

function readYaml(path: string, readFile: (path: string) => string): unknown {
  try {
    // A warning would print the lines that it is about.
    return parse(readFile(path), { logLevel: 'error' });
  } catch (err) {
    const source = `${shownPath(path)} (SEI_CONTROLLER_CONFIG)`;
    const fault = syntaxFault(err);
    if (fault !== undefined) throw new SettingsError(source, [`it is not YAML: ${fault}`]);
    throw new SettingsError(source, [`it cannot be read (${errorCode(err)})`]);
  }
}
