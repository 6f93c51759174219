import type { V1OwnerReference, V1Pod } from '@kubernetes/client-node';
import { describe, expect } from 'vitest';

import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { SHARES_KEY } from '../support/testbed/trace/one-key-one-pod.ts';
import { whileStopped } from './while-stopped.ts';

const EVIL = 'ghcr.io/sei-protocol/evil:v1';

const it = testbedTest('only-pod', []).extend('worker', { scope: 'file' }, async ({ bed }) => {
  const [worker] = await Promise.all([bed.start('worker'), bed.start('watcher')]);
  return worker;
});

describe('a second pod of the StatefulSet', () => {
  it.for([
    ['other ordinals', 'ordinals', { ordinals: { start: 1 } }],
    ['more replicas', 'replicas', { replicas: 2 }],
  ] as const)(
    'that %s have made never counts, is never let through, and goes before a roll ends the first',
    async ([, node, spec], { bed, worker }) => {
      await bed.nodes.createRunning(node, V1);
      await bed.runs.closed(bed.key(node));
      const second = await whileStopped(worker, async () => {
        const made = await withSecondPod(bed, node, spec);
        await bed.nodes.setImage(node, V2);
        return made;
      });
      await bed.nodes.untilSettledOn(node, V2);
      await untilNoPod(bed, `${node}-1`);
      expectOnlyTheFirst(bed, node, [V1, V2]);
      expect(await callsTo(bed, node, second)).toEqual([]);
      expect(bed.pods.uids(node)).toHaveLength(2);
    },
  );

  it('holds up the roll, by name, where its controller does not take it away', async ({
    bed,
    worker,
  }) => {
    await bed.nodes.createRunning('crowded', V1);
    await bed.runs.closed(bed.key('crowded'));
    const second = await whileStopped(worker, async () => {
      // A pod that is not ready prevents the controller from deleting what it has made beside it.
      await bed.sidecars.restart(bed.key('crowded'));
      const made = await withSecondPod(bed, 'crowded', { ordinals: { start: 1 } });
      await bed.nodes.setImage('crowded', V2);
      return made;
    });
    const stalled = await bed.nodes.until(
      'crowded',
      'it says which pod is too many',
      (version) => conditionOf(version, 'Stalled') === 'True/SurplusPod',
    );
    const condition = stalled.status?.conditions?.find(({ type }) => type === 'Stalled');
    expect(condition?.message).toContain('has pod crowded-1 as well');
    expect(bed.pods.uids('crowded')).toHaveLength(1);
    await bed.kubectl(['delete', 'pod', 'crowded-1', '--wait=false']);
    await bed.nodes.untilSettledOn('crowded', V2);
    expectOnlyTheFirst(bed, 'crowded', [V1, V2]);
    expect(await callsTo(bed, 'crowded', second)).toEqual([]);
  });
});

describe('a pod that somebody made to look like the node’s', () => {
  it('is neither believed nor spoken to nor deleted, at rest and in a roll', async ({
    bed,
    worker,
  }) => {
    expect(worker).toBeDefined();
    await bed.nodes.createRunning('forged', V1);
    const first = await bed.core.readNamespacedPod(bed.key(podNameOf('forged')));
    await bed.nodes.setImage('forged', V2);
    await bed.nodes.untilSettledOn('forged', V2);
    await bed.runs.closed(bed.key('forged'));

    // The pod is of the revision that the rollback will be about: the controller gives it the same name again.
    const uid = await forge(bed, first, 'a-forged');
    const [owner] = first.metadata?.ownerReferences ?? [];
    const keeper = keepOwned(bed, 'a-forged', owner);
    // A run looks at what is around the node.
    await bed.kubectl(['label', 'statefulset/forged', 'sei.io/chain=another', '--overwrite']);
    await eventually('the label is as it was', async () => {
      const label = await bed.kubectl([
        'get',
        'statefulset/forged',
        '-o',
        'jsonpath={.metadata.labels.sei\\.io/chain}',
      ]);
      return label !== 'another';
    });
    await bed.runs.closed(bed.key('forged'));
    await bed.nodes.setImage('forged', V1);
    await bed.nodes.untilSettledOn('forged', V1);
    await bed.runs.closed(bed.key('forged'));
    const restored = await keeper.stop();

    // The controller gives up a pod of that name, again and again.
    expect(restored).toBeGreaterThan(0);
    expectOnlyTheFirst(bed, 'forged', [V1, V2]);
    expect(await callsTo(bed, 'forged', uid)).toEqual([]);
    expect(bed.pods.uids('forged')).toHaveLength(3);
    const { metadata } = await bed.core.readNamespacedPod(bed.key('a-forged'));
    expect([metadata?.uid, metadata?.deletionTimestamp]).toEqual([uid, undefined]);
    await bed.kubectl(['delete', 'pod', 'a-forged', '--wait=false']);
  });
});

/** @returns the UID of the pod beside the node's, once all of it runs. */
async function withSecondPod(bed: Testbed, node: string, spec: object): Promise<string> {
  const patch = JSON.stringify({ spec });
  await bed.kubectl(['patch', `statefulset/${node}`, '--type=merge', '-p', patch]);
  return untilRuns(bed, `${node}-1`);
}

async function untilRuns(bed: Testbed, name: string): Promise<string> {
  let uid = '';
  await eventually(`pod ${name} runs`, async () => {
    const { metadata, status } = await bed.core
      .readNamespacedPod(bed.key(name))
      .catch((): V1Pod => ({}));
    uid = metadata?.uid ?? '';
    return status?.phase === 'Running' && status.podIP !== undefined;
  });
  return uid;
}

async function untilNoPod(bed: Testbed, name: string): Promise<void> {
  await eventually(
    `pod ${name} is gone`,
    async () => (await bed.kubectl(['get', 'pod', name, '--ignore-not-found'])) === '',
  );
}

/** Checks all that status has ever said of its pod and its image. */
function expectOnlyTheFirst(bed: Testbed, node: string, images: readonly string[]): void {
  const said = bed.nodes.versions(node).map(({ status }) => status);
  const pods = new Set(said.map((status) => status?.pod?.name));
  expect([...pods].filter((name) => name !== undefined)).toEqual([podNameOf(node)]);
  for (const status of said) {
    expect([undefined, ...images]).toContain(status?.currentImage);
  }
}

/** Lists the calls to the sidecar in the pod with this UID. */
async function callsTo(bed: Testbed, node: string, uid: string): Promise<readonly string[]> {
  const journal = await bed.sidecars.journal(bed.key(node));
  expect(journal.length).toBeGreaterThan(0);
  return journal.filter(({ podUid }) => podUid === uid).map(({ method, path }) => method + path);
}

/** @returns the UID of the copy, once all of it runs. */
async function forge(bed: Testbed, { metadata, spec }: V1Pod, name: string): Promise<string> {
  const { labels, ownerReferences } = metadata ?? {};
  const containers = (spec?.containers ?? []).map((container) =>
    Object.assign({}, container, { image: EVIL }),
  );
  await bed.core.createNamespacedPod({
    namespace: bed.namespace,
    body: {
      metadata: {
        name,
        annotations: { [SHARES_KEY]: 'forged by this test' },
        ...(labels && { labels }),
        ...(ownerReferences && { ownerReferences }),
      },
      spec: Object.assign({}, spec, { containers }),
    },
  });
  return untilRuns(bed, name);
}

/** Gives the pod its owner back whenever the StatefulSet controller has taken it away. */
function keepOwned(bed: Testbed, name: string, owner: V1OwnerReference | undefined) {
  let isStopped = false;
  let restored = 0;
  const patch = JSON.stringify({ metadata: { ownerReferences: [owner] } });
  const keep = async (): Promise<void> => {
    while (!isStopped) {
      const { metadata } = await bed.core.readNamespacedPod(bed.key(name));
      if (metadata?.ownerReferences !== undefined) continue;
      await bed.kubectl(['patch', 'pod', name, '--type=merge', '-p', patch]);
      restored += 1;
    }
  };
  const kept = keep();
  return {
    stop: async (): Promise<number> => {
      isStopped = true;
      await kept;
      return restored;
    },
  };
}
