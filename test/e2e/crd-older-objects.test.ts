import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { sharedDevcluster } from '../support/devcluster.ts';
import { establishCrd } from '../../devcluster/instance/establish-crd.ts';
import { CRD_FILE } from '../support/install-crd.ts';
import { nodeKubectl } from './node-kubectl.ts';

/**
 * The CRD of the other tests cannot be loosened for these, so they have a copy of it under another
 * name, first without its rules and then with them.
 */
const KIND = 'OlderNode';
const RESOURCE = 'oldernodes.sei.io';
const RULES = 'x-kubernetes-validations';

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
  const olderObjects = [
    { name: 'a.name-with-a-dot', spec: { ...node, fullNode: {} } },
    { name: 'seed', spec: { ...node, seed: { nodeKey: { secret: { secretName: 'k' } } } } },
    {
      name: 'replayer-without-peers',
      spec: { ...node, replayer: { snapshot: { stateSync: {} } } },
    },
  ];

  it('still takes a status and the removal of its finalizer, so that it can be deleted', async () => {
    await applyCrd({ withRules: false });
    for (const object of olderObjects) {
      await nodes.create(object);
      await patchFinalizers(object.name, ['sei.io/seinode-finalizer']);
    }
    await applyCrd({ withRules: true });
    const young = { name: 'young.one', spec: { ...node, fullNode: {} }, dryRun: true };
    // The API server takes up changed rules within a few seconds; a loaded machine delays that.
    await expect
      .poll(() => nodes.create(young).catch(String), { timeout: 60_000 })
      .toContain('metadata.name must be a DNS label');
    for (const { name } of olderObjects) {
      await nodes.patchStatus(name, { phase: 'Running' });
      await nodes.run(['delete', RESOURCE, name, '--wait=false']);
      await patchFinalizers(name, null);
    }
    expect(await nodes.run(['get', RESOURCE, '-o', 'name'])).toBe('');
  });
});

async function applyCrd({ withRules }: { readonly withRules: boolean }): Promise<void> {
  const copy = parse(readFileSync(CRD_FILE, 'utf8'), (key, value: unknown) =>
    key === RULES && !withRules ? undefined : value,
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
