import { describe, expect, it } from 'vitest';

import { keyOf, nodeWorkflowId } from '../../../domain/node/node-ref.ts';
import { NODE, runningNode, seiNode, V2 } from '../../support/sei-node.ts';

describe('nodeWorkflowId', () => {
  it('names the cluster, the namespace and the node, and nothing else', () => {
    expect(nodeWorkflowId('eu1', NODE)).toBe('seinode/eu1/default/n0');
  });

  it('stays the same for every image and for every object of the name', () => {
    const nodes = [
      seiNode(),
      runningNode({ spec: { image: V2 } }),
      seiNode({ metadata: { uid: 'another', generation: 9 } }),
    ];
    const ids = new Set(nodes.map(({ metadata }) => nodeWorkflowId('eu1', metadata)));
    expect(ids.size).toBe(1);
  });

  it('distinguishes clusters, namespaces and names', () => {
    const ids = ['a', 'b'].flatMap((cluster) =>
      ['a', 'b'].flatMap((namespace) =>
        ['a', 'b'].map((name) => nodeWorkflowId(cluster, { namespace, name })),
      ),
    );
    expect(new Set(ids).size).toBe(8);
  });
});

describe('keyOf', () => {
  it('is what people write', () => {
    expect(keyOf(NODE)).toBe('default/n0');
  });
});
