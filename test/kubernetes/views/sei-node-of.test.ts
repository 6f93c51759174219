import { expect, it } from 'vitest';

import { seiNodeOf } from '../../../kubernetes/views/sei-node-of.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const metadata = {
  namespace: 'default',
  name: 'n0',
  uid: 'u',
  resourceVersion: '1',
  generation: 1,
};
const spec = { chainId: 'c', image: 'seid:a' };

it('keeps of the metadata what is read, and nothing that others write there', () => {
  const read = {
    creationTimestamp: '2026-01-01T00:00:00Z',
    deletionTimestamp: '2026-01-02T00:00:00Z',
    labels: { 'sei.io/chain': 'c' },
  };
  const node = seiNodeOf({
    metadata: {
      ...metadata,
      ...read,
      managedFields: [{ manager: 'kubectl' }],
      ownerReferences: [{ uid: 'somebody' }],
      annotations: { [LAST_APPLIED]: '{}', note: 'theirs', 'sei.io/dedicated-node': 'true' },
    },
    spec,
    status: { phase: 'Running', resolvedPeers: ['a'] },
  });
  expect(node).toEqual({
    metadata: { ...metadata, ...read, annotations: { 'sei.io/dedicated-node': 'true' } },
    spec,
    status: { phase: 'Running', resolvedPeers: ['a'] },
  });
});

it('leaves no empty annotations behind', () => {
  const node = seiNodeOf({
    metadata: { ...metadata, annotations: { [LAST_APPLIED]: '{}' } },
    spec,
  });
  expect(node.metadata).toEqual(metadata);
});

it('keeps little of a node, however many labels and whatever annotations it has', () => {
  const names = Array.from({ length: 8_000 }, (_, index) => `${'k'.repeat(300)}${index}`);
  const labels = Object.fromEntries(names.map((name) => [name, 'v'.repeat(63)]));
  const annotations = {
    note: 'x'.repeat(200_000),
    'sei.io/dedicated-node': 'x'.repeat(200_000),
  };
  const node = seiNodeOf({ metadata: { ...metadata, labels, annotations }, spec });
  expect(JSON.stringify(node).length).toBeLessThan(32 * 1024);
  expect(node.metadata.labels?.[names[0] ?? '']).toBe('v'.repeat(63));
  expect(Object.keys(node.metadata.labels ?? {})).toEqual(names.slice(0, 64));
});

it('keeps all finalizers, since the list is written whole', () => {
  const finalizers = Array.from({ length: 1_000 }, (_, index) => `theirs.io/${index}`);
  expect(seiNodeOf({ metadata: { ...metadata, finalizers }, spec }).metadata.finalizers).toEqual(
    finalizers,
  );
});

it.each([[undefined], [{ spec }], [{ metadata }], [{ metadata: { name: 'n0' }, spec }]])(
  'refuses what is no SeiNode: %o',
  (object) => {
    expect(() => seiNodeOf(object)).toThrow('something that is no SeiNode');
  },
);
