import { readFileSync } from 'node:fs';

import type { KubernetesObject } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { targetFor } from '../../domain/node/target.ts';
import { readPlatformSettings } from '../../settings/read-platform-settings.ts';
import { SAMPLES } from '../manifests/fixtures.ts';
import type { Sample } from '../manifests/fixtures.ts';
import { objectsOf } from '../manifests/node-objects.ts';
import { sharedDevcluster } from '../support/testbed/devcluster.ts';
import { installCrd } from '../support/testbed/install-crd.ts';
import { nodeKubectl, repositoryFile } from './node-kubectl.ts';

const cluster = sharedDevcluster();
const namespace = `rendered-${process.pid}`;
const nodes = nodeKubectl(cluster, namespace);
const platform = readPlatformSettings(cluster.env, (path) => readFileSync(path, 'utf8'));

beforeAll(async () => {
  await installCrd(cluster);
  await cluster.kubectl(['create', 'namespace', namespace]);
});

afterAll(async () => {
  await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

describe('what is rendered', () => {
  it.each(SAMPLES)('for the sample %s passes a dry run', async (sample) => {
    const node = { ...sampleOf(sample), metadata: { ...sampleOf(sample).metadata, uid: 'u' } };
    for (const object of objectsIn(namespace, node)) {
      await expect(applied(object, '--dry-run=server')).resolves.toMatchObject({
        kind: object.kind,
      });
    }
  });

  it.each(SAMPLES)(
    'for the sample %s applies twice, the second time without effect',
    async (sample) => {
      const { metadata, spec } = sampleOf(sample);
      // Paused, because the pods do not matter here.
      const node = await nodes.create({ name: metadata.name, spec: { ...spec, paused: true } });
      for (const object of objectsIn(namespace, node)) await applied(object);
      // Controllers write status meanwhile, for a second or two. A rendering that leaves every version alone is the
      // proof: one that changes anything changes it every time. A loaded machine needs some seconds for all these calls
      // of kubectl.
      await expect
        .poll(() => Promise.all(objectsIn(namespace, node).map(versionsAroundApply)), {
          timeout: 90_000,
        })
        .toSatisfy((versions: Versions[]) => versions.every(isUnchanged));
    },
  );
});

interface Versions {
  readonly before: string;
  readonly after: string;
}

function isUnchanged({ before, after }: Versions): boolean {
  return before === after;
}

/** Returns the versions of an object just before and after another apply. */
async function versionsAroundApply(object: KubernetesObject): Promise<Versions> {
  const name = `${object.kind}/${object.metadata?.name}`;
  const live = JSON.parse(await nodes.run(['get', name, '-o', 'json'])) as KubernetesObject;
  return { before: versionOf(live), after: versionOf(await applied(object)) };
}

/** Applies as the operator does: the whole object, forced, under its own field manager. */
async function applied(object: object, ...more: readonly string[]): Promise<KubernetesObject> {
  const args = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '--field-manager=seinode-controller',
  ];
  const answer = await nodes.run([...args, ...more, '-o', 'json', '-f', '-'], object);
  return JSON.parse(answer) as KubernetesObject;
}

function versionOf({ metadata }: KubernetesObject): string {
  return `generation ${metadata?.generation}, resourceVersion ${metadata?.resourceVersion}`;
}

function objectsIn(inNamespace: string, { metadata, ...node }: SeiNode) {
  const placed = { ...node, metadata: { ...metadata, namespace: inNamespace } };
  return objectsOf(placed, targetFor(placed, platform.images.sidecar), platform);
}

function sampleOf(sample: Sample): SeiNode {
  return parse(readFileSync(repositoryFile(`deploy/samples/${sample}.yaml`), 'utf8')) as SeiNode;
}
