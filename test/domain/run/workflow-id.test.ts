import { describe, expect, it } from 'vitest';

import { NODE_NAMES } from '../../../domain/run/kind-names.ts';
import {
  nodeWorkflowId,
  objectWorkflowId,
  parseWorkflowId,
} from '../../../domain/run/workflow-id.ts';
import { NODE, runningNode, seiNode, V2 } from '../../support/sei-node.ts';
import { TOY_NAMES } from '../../workflows/second-kind/toy-names.ts';

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

describe('parseWorkflowId', () => {
  const kinds = [NODE_NAMES, TOY_NAMES];

  it.each(kinds)('returns the object of kind $id that has the workflow id', (kind) => {
    const object = { namespace: 'default', name: 'n0' };
    const workflowId = objectWorkflowId(kind, 'eu1', object);
    expect(parseWorkflowId(workflowId, kinds)).toEqual({ kind, cluster: 'eu1', object });
  });

  it.each([
    'toy/eu1/default/n0',
    'constructor/eu1/default/n0',
    'seinode/eu1/default',
    'seinode/eu1/default/n0/more',
    'seinode//default/n0',
    'n0',
    '',
  ])('makes nothing of "%s"', (workflowId) => {
    expect(parseWorkflowId(workflowId)).toBeUndefined();
  });
});
