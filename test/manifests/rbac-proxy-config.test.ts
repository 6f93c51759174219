import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { rbacProxyConfigFor } from '../../manifests/rbac-proxy-config.ts';
import { sampleNode } from './fixtures.ts';

describe('rbacProxyConfigFor', () => {
  it.each(['pacific-rpc-0', '1', 'true'])('names node %s as text', (name) => {
    const node = sampleNode('full-node');
    const config = rbacProxyConfigFor({ ...node, metadata: { ...node.metadata, name } });
    expect(parse(config.data?.['config.yaml'] ?? '')).toEqual({
      authorization: {
        resourceAttributes: {
          apiGroup: 'sei.io',
          resource: 'seinodetasks',
          namespace: 'nodes',
          name,
        },
      },
    });
  });
});
