import { describe, expect, it } from 'vitest';

import { waitsTaskQueue } from '../../../domain/run/node-run.ts';
import { defaultTaskQueue, serves } from '../../../domain/run/task-queue.ts';

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

describe('serves', () => {
  const node = { cluster: 'eu1', namespace: 'nodes' };

  it('serves the nodes of its cluster, and of its namespaces alone where it has some', () => {
    expect(serves({ cluster: 'eu1', namespaces: undefined }, node)).toBe(true);
    expect(serves({ cluster: 'eu1', namespaces: ['nodes'] }, node)).toBe(true);
    expect(serves({ cluster: 'eu2', namespaces: undefined }, node)).toBe(false);
    expect(serves({ cluster: 'eu1', namespaces: ['others'] }, node)).toBe(false);
    expect(serves({ cluster: 'eu1', namespaces: ['others', 'nodes'] }, node)).toBe(true);
    expect(serves({ cluster: 'eu1', namespaces: ['others', 'more'] }, node)).toBe(false);
  });
});
