import { readFileSync } from 'node:fs';

import { parse } from 'yaml';

import type { SeiNode, SeiNodeSpec } from '../../domain/node/sei-node.ts';
import type { Target } from '../../domain/node/target.ts';
import type { PlatformSettings } from '../../manifests/platform-settings.ts';

export const SAMPLES = ['full-node', 'archive', 'replayer', 'validator'] as const;
export type Sample = (typeof SAMPLES)[number];

export const target: Target = {
  image: 'ghcr.io/sei-protocol/sei:v6.2.0',
  sidecarImage: 'ghcr.io/sei-protocol/seictl:v1.4.0',
  replicas: 1,
};

/** Every value occurs once, so that a golden shows where it is rendered. */
export const platform: PlatformSettings = {
  clusterDomain: 'cluster.test',
  terminationGraceSeconds: 121,
  scheduling: {
    nodePool: {
      node: 'pool-node',
      replayer: 'pool-replayer',
      validator: 'pool-validator',
      archive: 'pool-archive',
    },
    tolerationKey: 'sei.io/workload',
    serviceAccount: 'seid-node',
  },
  storage: {
    node: { className: 'class-node', size: '2001Gi' },
    replayer: { className: 'class-replayer', size: '2002Gi' },
    validator: { className: 'class-validator', size: '2003Gi' },
    archive: { className: 'class-archive', size: '25000Gi' },
  },
  resources: {
    node: { requests: { cpu: '4', memory: '32Gi' } },
    replayer: { requests: { cpu: '5', memory: '33Gi' } },
    validator: { requests: { cpu: '6', memory: '34Gi' } },
    archive: { requests: { cpu: '48', memory: '448Gi' } },
  },
  genesisBucket: { name: 'genesis-bucket', region: 'eu-central-1' },
  snapshotBucket: { name: 'snapshot-bucket', region: 'us-east-2' },
  images: {
    sidecar: 'registry.example.com/unused:sidecar-of-the-installation',
    rbacProxy: 'quay.io/brancz/kube-rbac-proxy:v0.19.1',
    cosmosExporter: 'ghcr.io/sei-protocol/sei-cosmos-exporter:v1.0.0',
  },
};

/**
 * Returns a sample of deploy/samples as the API server would return it, with parts of its spec replaced.
 */
export function sampleNode(sample: Sample, spec: Partial<SeiNodeSpec> = {}): SeiNode {
  const path = new URL(`../../deploy/samples/${sample}.yaml`, import.meta.url);
  const manifest = parse(readFileSync(path, 'utf8')) as SeiNode;
  return {
    ...manifest,
    metadata: {
      name: manifest.metadata.name,
      namespace: 'nodes',
      uid: '6a1f5c0e-0000-4000-8000-000000000001',
      generation: 1,
      resourceVersion: '1',
    },
    spec: { ...manifest.spec, ...spec },
  };
}

/** Returns a validator with everything that a validator can have. */
export function signingValidator(secrets: Partial<ValidatorSecrets> = {}): SeiNode {
  const { signingKey, nodeKey, keyring, passphrase } = {
    signingKey: 'signing-key-secret',
    nodeKey: 'node-key-secret',
    keyring: 'keyring-secret',
    passphrase: 'passphrase-secret',
    ...secrets,
  };
  return sampleNode('validator', {
    validator: {
      signingKey: { secret: { secretName: signingKey } },
      nodeKey: { secret: { secretName: nodeKey } },
      operatorKeyring: {
        secret: {
          secretName: keyring,
          keyName: 'node_admin',
          passphraseSecretRef: { secretName: passphrase, key: 'passphrase' },
        },
      },
    },
  });
}

interface ValidatorSecrets {
  readonly signingKey: string;
  readonly nodeKey: string;
  readonly keyring: string;
  readonly passphrase: string;
}
