import { describe, expect } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import type { OperatorProcess } from '../support/testbed/operator-process.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { whileStopped } from './while-stopped.ts';

const it = testbedTest('terminating-claim', ['watcher']).extend(
  'worker',
  { scope: 'file' },
  ({ bed }) => bed.start('worker'),
);
const test = it.extend('running', { auto: true }, ({ worker }) => worker);

/** A step that would end the pod. */
interface Step {
  readonly node: string;
  readonly is: string;
  happens(bed: Testbed, node: string, worker: OperatorProcess): Promise<unknown>;
  /** Releases a deleted node that would stay otherwise. */
  release?(bed: Testbed, node: string): Promise<unknown>;
}

const STEPS: readonly Step[] = [
  { node: 'rolled', is: 'is rolled', happens: (bed, node) => bed.nodes.setImage(node, V2) },
  {
    node: 'paused',
    is: 'is paused',
    happens: (bed, node) => bed.nodes.patchSpec(node, { paused: true }),
  },
  {
    node: 'without-set',
    is: 'has lost its StatefulSet',
    happens: (bed, node, worker) => whileStopped(worker, () => deleteStatefulSet(bed, node)),
  },
  {
    node: 'with-impostor',
    is: 'finds an impostor',
    happens: (bed, node, worker) =>
      whileStopped(worker, async () => {
        const copy = await bed.apps.readNamespacedStatefulSet(bed.key(node));
        await deleteStatefulSet(bed, node);
        const { labels, annotations } = copy.metadata ?? {};
        const metadata = { ...bed.key(node), labels, annotations };
        const impostor = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: copy.spec };
        await bed.kubectl(['create', '-f', '-'], { input: JSON.stringify(impostor) });
      }),
    release: async (bed, node) => {
      // The node has adopted the pod, and only its maker knows what it is for.
      await bed.nodes.until(
        node,
        'it waits for the pod of the impostor',
        (version) => conditionOf(version, 'Stalled') === 'True/ForeignPod',
      );
      await bed.kubectl(['delete', 'statefulset', node, '--wait=false']);
    },
  },
];

describe('a node whose volume claim somebody has deleted', () => {
  test.for(STEPS)('keeps the pod that keeps it while it $is', async (step, { bed, worker }) => {
    const { node } = step;
    await bed.nodes.createRunning(node, V1);
    await bed.runs.closed(bed.key(node));
    const claim = await claimOf(bed, node);
    await bed.kubectl(['delete', 'pvc', `data-${node}`, '--wait=false']);
    await step.happens(bed, node, worker);
    const held = await bed.nodes.until(
      node,
      'it is stalled',
      (version) => conditionOf(version, 'Stalled') === 'True/DataVolumeTerminating',
    );
    expect(findCondition(held.status?.conditions, 'Stalled')?.message).toContain(`data-${node}`);
    const pod = { name: podNameOf(node), namespace: bed.namespace };
    const { metadata } = await bed.core.readNamespacedPod(pod);
    expect(metadata?.deletionTimestamp).toBeUndefined();
    expect(bed.pods.uids(node)).toEqual([metadata?.uid]);
    const left = await claimOf(bed, node);
    expect(left?.uid).toBe(claim?.uid);
    expect(left?.deletionTimestamp).toBeDefined();

    // Deleting the node is one way to finish on purpose.
    await bed.nodes.delete(node);
    await step.release?.(bed, node);
    await bed.nodes.untilGone(held);
  });
});

function deleteStatefulSet(bed: Testbed, node: string): Promise<unknown> {
  return bed.kubectl(['delete', 'statefulset', node, '--cascade=orphan']);
}

async function claimOf({ core, namespace }: Testbed, node: string) {
  const claim = { name: `data-${node}`, namespace };
  return (await core.readNamespacedPersistentVolumeClaim(claim)).metadata;
}
