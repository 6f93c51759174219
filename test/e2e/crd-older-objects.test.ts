import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { establishCrd } from '../../devcluster/instance/establish-crd.ts';
import { sharedDevcluster } from '../support/testbed/devcluster.ts';
import { CRD_FILE } from '../support/testbed/install-crd.ts';
import { nodeKubectl } from './node-kubectl.ts';

/**
 * The CRD of the other tests cannot be loosened for these, so they have a copy of it under another name, first without
 * its rules and limits and then with them.
 */
const KIND = 'OlderNode';
const RESOURCE = 'oldernodes.sei.io';
const RULES: readonly unknown[] = [
  'x-kubernetes-validations',
  'maxItems',
  'maxLength',
  'maxProperties',
];

const cluster = sharedDevcluster();
const namespace = `crd-older-${process.pid}`;
const nodes = nodeKubectl(cluster, namespace, { kind: KIND, resource: RESOURCE });

beforeAll(async () => {
  await cluster.kubectl(['create', 'namespace', namespace]);
});

afterAll(async () => {
  await cluster.kubectl(['delete', 'crd', RESOURCE, '--wait=false', '--ignore-not-found']);
  await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

describe('an object that is older than the rules', () => {
  const node = { chainId: 'c', image: 'seid:v1' };
  const large = 'x'.repeat(33_000);
  const manyOfAll = {
    peers: Array.from({ length: 65 }, () => ({ static: { addresses: ['x'.repeat(1_000)] } })),
    overrides: { [large]: large },
    podLabels: { team: large },
  };
  /** A status that another operator, or an earlier version, may have left. */
  const largeStatus = {
    conditions: [
      {
        type: 'StateSyncReady',
        status: 'False',
        reason: 'None',
        message: large,
        lastTransitionTime: '2026-08-01T12:00:00Z',
      },
    ],
    resolvedPeers: Array.from({ length: 1_100 }, (_, at) => `${at}@host:26656`),
    plan: { phase: 'Complete', tasks: [{ type: 'a', status: 'Failed', error: large }] },
  };
  const olderObjects = [
    { name: 'a.name-with-a-dot', spec: { ...node, fullNode: {} } },
    { name: 'seed', spec: { ...node, seed: { nodeKey: { secret: { secretName: 'k' } } } } },
    {
      name: 'replayer-without-peers',
      spec: { ...node, replayer: { snapshot: { stateSync: {} } } },
    },
    { name: 'beyond-every-limit', spec: { ...node, ...manyOfAll, fullNode: {} } },
  ];

  it('still takes what it is to take: an image, a status, and the removal of its finalizer', async () => {
    await applyCrd({ withRules: false });
    for (const object of olderObjects) {
      await nodes.create(object);
      await patchFinalizers(object.name, ['sei.io/seinode-finalizer']);
      await nodes.patchStatus(object.name, largeStatus);
    }
    await applyCrd({ withRules: true });
    const young = { name: 'young.one', spec: { ...node, fullNode: {} }, dryRun: true };
    // The API server takes up changed rules within a few seconds; a loaded machine delays that.
    await expect
      .poll(() => nodes.create(young).catch(String), { timeout: 60_000 })
      .toContain('metadata.name must be a DNS label');
    // A field beyond a limit that stays as it is blocks nobody.
    const { spec } = await nodes.patchSpec('beyond-every-limit', { image: 'seid:v2' });
    expect(spec).toMatchObject({ ...manyOfAll, image: 'seid:v2' });
    for (const { name } of olderObjects) {
      const plan = { phase: 'Active', tasks: [{ type: 'b', status: 'Pending', error: null }] };
      const { status } = await nodes.patchStatus(name, { phase: 'Running', plan });
      expect(status).toMatchObject({ phase: 'Running', resolvedPeers: largeStatus.resolvedPeers });
      await nodes.run(['delete', RESOURCE, name, '--wait=false']);
      await patchFinalizers(name, null);
    }
    expect(await nodes.run(['get', RESOURCE, '-o', 'name'])).toBe('');
  });
});

async function applyCrd({ withRules }: { readonly withRules: boolean }): Promise<void> {
  const copy = parse(readFileSync(CRD_FILE, 'utf8'), (key, value: unknown) =>
    RULES.includes(key) && !withRules ? undefined : value,
  ) as { metadata: object; spec: object };
  const names = {
    kind: KIND,
    listKind: `${KIND}List`,
    plural: 'oldernodes',
    singular: 'oldernode',
  };
  const crd = { ...copy, metadata: { name: RESOURCE }, spec: { ...copy.spec, names } };
  await establishCrd(cluster, '-', RESOURCE, JSON.stringify(crd));
}

async function patchFinalizers(name: string, finalizers: readonly string[] | null): Promise<void> {
  const patch = JSON.stringify({ metadata: { finalizers } });
  await nodes.run(['patch', RESOURCE, name, '--type=merge', '-p', patch]);
}
