import { expect, it } from 'vitest';

import { seiNodeOf } from '../../kubernetes/sei-node-of.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const metadata = {
  namespace: 'default',
  name: 'n0',
  uid: 'u',
  resourceVersion: '1',
  generation: 1,
};
const spec = { chainId: 'c', image: 'seid:a' };

it('keeps a node without the copies of its fields that nobody reads', () => {
  const node = seiNodeOf({
    metadata: {
      ...metadata,
      managedFields: [{ manager: 'kubectl' }],
      annotations: { [LAST_APPLIED]: '{}', kept: 'yes' },
    },
    spec,
    status: { phase: 'Running', resolvedPeers: ['a'] },
  });
  expect(node).toEqual({
    metadata: { ...metadata, annotations: { kept: 'yes' } },
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

it.each([[undefined], [{ spec }], [{ metadata }], [{ metadata: { name: 'n0' }, spec }]])(
  'refuses what is no SeiNode: %o',
  (object) => {
    expect(() => seiNodeOf(object)).toThrow('something that is no SeiNode');
  },
);
