import { describe, expect } from 'vitest';

import { eventually } from '../support/eventually.ts';
import { changesOf, conditionOf } from '../support/testbed/node-conditions.ts';
import { untilEvent } from '../support/testbed/node-events.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { whileStopped } from './while-stopped.ts';

const it = testbedTest('sidecar', [])
  .extend('worker', { scope: 'file' }, ({ bed }) => bed.start('worker'))
  .extend('watcher', { scope: 'file' }, ({ bed }) =>
    bed.start('watcher', { SEINODE_SIDECAR_PROBE_SECONDS: '2' }),
  );
const test = it.extend('operator', { auto: true }, ({ worker, watcher }) => [worker, watcher]);

describe('a sidecar that restarts in its pod', () => {
  test('is marked ready once more, under an id of its own', async ({ bed }) => {
    await bed.nodes.createRunning('restarted', V1);
    await bed.runs.closed(bed.key('restarted'));
    const { length } = bed.nodes.versions('restarted');
    const before = await markReadyIds(bed, 'restarted');
    await bed.sidecars.restart(bed.key('restarted'));
    await untilEvent(bed, 'restarted', 'SidecarReadinessRestored');
    await bed.runs.closed(bed.key('restarted'));

    const ids = await markReadyIds(bed, 'restarted');
    expect(ids.slice(before.length)).toHaveLength(1);
    expect(new Set(ids).size).toBe(ids.length);
    const versions = bed.nodes.versions('restarted').slice(length - 1);
    expect(changesOf(versions, (node) => conditionOf(node, 'SidecarReady'))).toEqual([
      'True/Ready',
      'False/NotReady',
      'True/Ready',
    ]);
    await untilEvent(bed, 'restarted', 'SidecarReadinessLost');
    expect(bed.pods.uids('restarted')).toHaveLength(1);
    const { status } = await bed.nodes.get('restarted');
    expect(status?.history).toBeUndefined();
    const runs = await bed.runs.worked(bed.key('restarted'));
    expect(runs.map(({ type }) => type)).toEqual(['nodeInit', 'nodeSync']);
  });

  test('again and again is marked ready each time', async ({ bed }) => {
    await bed.nodes.createRunning('restless', V1);
    for (let times = 0; times < 3; times += 1) {
      await bed.sidecars.restart(bed.key('restless'));
      await untilReady(bed, 'restless');
    }
    await bed.runs.closed(bed.key('restless'));
    const ids = await markReadyIds(bed, 'restless');
    expect(new Set(ids).size).toBeGreaterThanOrEqual(4);
  });

  test('is part of the update when the image changes as well', async ({ bed, worker }) => {
    await bed.nodes.createRunning('both', V1);
    await bed.runs.closed(bed.key('both'));
    await whileStopped(worker, async () => {
      await bed.sidecars.restart(bed.key('both'));
      await eventually(
        'a run was started for it',
        async () => (await bed.runs.of(bed.key('both'))).length === 2,
      );
      await bed.nodes.setImage('both', V2);
    });
    const { status } = await bed.nodes.untilSettledOn('both', V2);
    await untilReady(bed, 'both');
    await bed.runs.closed(bed.key('both'));
    expect(status?.history).toHaveLength(1);
    expect(bed.pods.uids('both')).toHaveLength(2);
  });

  test('between mark-ready and healthz is marked ready in another round', async ({ bed }) => {
    await bed.nodes.createRunning('unlucky', V1);
    await bed.runs.closed(bed.key('unlucky'));
    const before = await markReadyIds(bed, 'unlucky');
    await bed.sidecars.setFaults(bed.key('unlucky'), { kind: 'slow-task', durationMs: 1_500 });
    await bed.nodes.setImage('unlucky', V2);
    await eventually(
      'mark-ready was submitted to the new pod',
      async () => (await markReadyIds(bed, 'unlucky')).length > before.length,
    );
    await bed.sidecars.setFaults(bed.key('unlucky'));
    await bed.sidecars.restart(bed.key('unlucky'));
    await bed.nodes.untilSettledOn('unlucky', V2);
    await untilReady(bed, 'unlucky');
    expect(bed.pods.uids('unlucky')).toHaveLength(2);
  });
});

describe('a sidecar that does not answer', () => {
  test.for(['refuse', 'hang'] as const)(
    'because its calls %s is told of, and left alone',
    async (kind, { bed }) => {
      const node = `silent-${kind}`;
      await bed.nodes.createRunning(node, V1);
      await bed.runs.closed(bed.key(node));
      const before = await markReadyIds(bed, node);
      await bed.sidecars.setFaults(bed.key(node), { kind });
      const told = await bed.nodes.until(
        node,
        'its sidecar is unreachable',
        (version) => conditionOf(version, 'SidecarReady') === 'Unknown/Unreachable',
      );
      expect(told.status?.phase).toBe('Running');
      await bed.sidecars.setFaults(bed.key(node));
      await bed.nodes.until(
        node,
        'its sidecar is ready again',
        (version) => conditionOf(version, 'SidecarReady') === 'True/Ready',
      );
      await bed.runs.closed(bed.key(node));
      expect(await markReadyIds(bed, node)).toEqual(before);
      expect(bed.pods.uids(node)).toHaveLength(1);
    },
  );

  test('while nodes in their dozens wait for theirs, the next one is updated', async ({ bed }) => {
    const waiting = Array.from({ length: 30 }, (_, index) => `waiting-${index}`);
    await Promise.all([...waiting, 'next'].map((node) => bed.nodes.createRunning(node, V1)));
    await Promise.all(
      waiting.map(async (node) => {
        await bed.sidecars.setFaults(bed.key(node), { kind: 'hang', calls: ['submit-task'] });
        await bed.nodes.setImage(node, V2);
      }),
    );
    await Promise.all(
      waiting.map((node) =>
        bed.nodes.until(node, 'its new pod runs', ({ status }) => status?.currentImage === V2),
      ),
    );
    await bed.nodes.setImage('next', V2);
    await bed.nodes.untilSettledOn('next', V2);
    await Promise.all(waiting.map((node) => bed.sidecars.setFaults(bed.key(node))));
    await Promise.all(waiting.map((node) => bed.nodes.untilSettledOn(node, V2)));
  });
});

/** Lists the ids under which mark-ready reached the node's sidecars, oldest first. */
async function markReadyIds(bed: Testbed, node: string): Promise<readonly string[]> {
  const journal = await bed.sidecars.journal(bed.key(node));
  return journal.flatMap(({ call }) => {
    if (call.kind !== 'submit-task' || call.submission.kind !== 'valid') return [];
    const { type, id } = call.submission.submission;
    return type === 'mark-ready' ? [id] : [];
  });
}

async function untilReady(bed: Testbed, node: string): Promise<void> {
  await eventually(`the sidecar of ${node} is ready`, async () => {
    const { sidecar, pod } = await bed.sidecars.state(bed.key(node));
    return sidecar?.ready === true && pod?.uid === bed.pods.uids(node).at(-1);
  });
}
