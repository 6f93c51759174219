import { describe, expect, it } from 'vitest';

import { waitsTaskQueue } from '../../domain/node-run.ts';
import { defaultTaskQueue, servesNode } from '../../domain/task-queue.ts';

describe('defaultTaskQueue', () => {
  it('carries the cluster, and the namespace where only one is served', () => {
    expect(defaultTaskQueue('eu1', undefined)).toBe('seinode-eu1');
    expect(defaultTaskQueue('eu1', 'nodes')).toBe('seinode-eu1/nodes');
  });

  it('is another one for each installation, however their names are cut', () => {
    const queues = [
      defaultTaskQueue('a', undefined),
      defaultTaskQueue('a-b', undefined),
      defaultTaskQueue('a', 'b'),
      defaultTaskQueue('a', 'b-c'),
      defaultTaskQueue('a-b', 'c'),
    ];
    expect(new Set([...queues, ...queues.map(waitsTaskQueue)]).size).toBe(10);
  });
});

describe('servesNode', () => {
  const node = { cluster: 'eu1', namespace: 'nodes' };

  it('serves the nodes of its cluster, and of its namespace alone where it has one', () => {
    expect(servesNode({ cluster: 'eu1', namespace: undefined }, node)).toBe(true);
    expect(servesNode({ cluster: 'eu1', namespace: 'nodes' }, node)).toBe(true);
    expect(servesNode({ cluster: 'eu2', namespace: undefined }, node)).toBe(false);
    expect(servesNode({ cluster: 'eu1', namespace: 'others' }, node)).toBe(false);
  });
});
