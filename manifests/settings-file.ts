import { parse } from 'yaml';
import { z } from 'zod';

import type { Resources } from '../domain/sei-node.ts';
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

/** An absent section counts as an empty one, so that the error names each key that it lacks. */
function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.preprocess(
    (value) => value ?? {},
    z.strictObject(shape, { error: 'a mapping of keys to values' }),
  );
}

const bucket = section({ bucket: bucketName, region });
const unread = z.unknown().optional();
const roleSize = section({ cpuRequest: quantity.optional(), memory: quantity.optional() });

/**
 * The original operator's layout. An unknown key is refused: a misspelt size would otherwise fall
 * back to its default without a word.
 */
const layout = section({
  scheduling: section({
    nodepoolName: labelValue,
    nodepoolArchive: labelValue,
    nodepoolValidator: labelValue.optional(),
    nodepoolSeed: unread,
    tolerationKey: taintKey,
    serviceAccount,
  }),
  storage: section({
    classPerf: storageClass,
    classArchive: storageClass,
    classDefault: unread,
    sizeDefault: quantity,
    sizeArchive: quantity,
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
  images: section({ sidecar: image, kubeRBACProxy: image, cosmosExporter: image }),
});

/**
 * The settings of an installation that is configured by a YAML file.
 *
 * @throws SettingsError
 */
export function readSettingsFile(
  path: string,
  readFile: (path: string) => string,
): PlatformSettings {
  const content = readYaml(path, readFile);
  const parsed = layout.safeParse(content);
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

/** What the file calls `memory` is both set aside and the limit; CPU is not limited. */
function sized(
  size: z.infer<typeof roleSize>,
  byDefault: { readonly cpu: string; readonly memory: string },
): Resources {
  const { cpuRequest: cpu = byDefault.cpu, memory = byDefault.memory } = size;
  return { requests: { cpu, memory }, limits: { memory } };
}

function readYaml(path: string, readFile: (path: string) => string): unknown {
  try {
    return parse(readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SettingsError(`${path} (SEI_CONTROLLER_CONFIG)`, [`it cannot be read: ${reason}`], {
      cause,
    });
  }
}
