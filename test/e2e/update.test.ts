import { describe, expect } from 'vitest';

import { UPDATE_STEPS } from '../../domain/node/step.ts';
import { changesOf, conditionOf } from '../support/testbed/node-conditions.ts';
import { eventsOf } from '../support/testbed/node-events.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const it = testbedTest('update', ['worker', 'watcher']).extend(
  'update',
  { scope: 'file' },
  async ({ bed }) => {
    await bed.nodes.createRunning('n0', V1);
    // A bring-up that is still open would go on into the update.
    await bed.runs.closed(bed.key('n0'));
    const claims = () => bed.core.listNamespacedPersistentVolumeClaim({ namespace: bed.namespace });
    const claimsBefore = (await claims()).items.map(({ metadata }) => metadata?.uid);
    const { length } = bed.nodes.versions('n0');
    const { metadata } = await bed.nodes.setImage('n0', V2);
    await bed.nodes.untilSettledOn('n0', V2);
    const runs = await bed.runs.rolls(bed.key('n0'));
    return {
      claimsBefore,
      claimsAfter: (await claims()).items.map(({ metadata: claim }) => claim?.uid),
      generation: metadata.generation,
      versions: bed.nodes.versions('n0').slice(length),
      now: await bed.nodes.get('n0'),
      runs: runs.filter(({ type }) => type === 'nodeUpdate'),
    };
  },
);

describe('a changed image', () => {
  it('is rolled by one run, whose steps come in their order', async ({ bed, update }) => {
    expect(update.runs).toHaveLength(1);
    const [run] = update.runs;
    const activities = run === undefined ? [] : await bed.runs.activities(run);
    const [begin, first, second, ...rest] = activities.map(({ summary }) => summary);
    // These two run side by side.
    expect(new Set([first, second])).toEqual(new Set(['apply-statefulset', 'apply-service']));
    expect([begin, ...rest]).toEqual(['begin', ...UPDATE_STEPS.slice(2), 'finish']);
  });

  it('shows in NodeUpdateInProgress from its start to its completion', ({ update }) => {
    const shown = changesOf(update.versions, (node) => conditionOf(node, 'NodeUpdateInProgress'));
    expect(shown).toEqual([undefined, 'True/UpdateStarted', 'False/UpdateComplete']);
  });

  it('keeps the node in phase Running, and Ready only while nothing is under way', ({ update }) => {
    expect(changesOf(update.versions, ({ status }) => status?.phase)).toEqual(['Running']);
    expect(changesOf(update.versions, (node) => conditionOf(node, 'Ready'))).toEqual([
      'True/Running',
      'False/UpdateInProgress',
      'True/Running',
    ]);
  });

  it('becomes the current image once, after the new pod ran it', ({ bed, update }) => {
    expect(changesOf(update.versions, ({ status }) => status?.currentImage)).toEqual([V1, V2]);
    expect(bed.pods.versions(podNameOf('n0')).at(-1)?.seidImage).toBe(V2);
  });

  it('replaces the pod exactly once and keeps the volume claim', ({ bed, update }) => {
    expect(bed.pods.uids('n0')).toHaveLength(2);
    expect(update.claimsAfter).toEqual(update.claimsBefore);
    expect(update.claimsAfter).toHaveLength(1);
  });

  it('re-initialises the sidecar of the new pod', async ({ bed, update }) => {
    const { sidecar, pod } = await bed.sidecars.state(bed.key('n0'));
    expect(sidecar?.ready).toBe(true);
    expect(pod?.uid).toBe(bed.pods.uids('n0').at(-1));
    expect(conditionOf(update.now, 'SidecarReady')).toBe('True/Ready');
  });

  it('shows in status: generation, plan and history', ({ update }) => {
    const { status } = update.now;
    expect(status?.observedGeneration).toBe(update.generation);
    expect(status?.plan).toMatchObject({
      phase: 'Complete',
      previousImage: V1,
      targetImage: V2,
      tasks: UPDATE_STEPS.map((type) => ({ type, status: 'Complete' })),
    });
    expect(status?.history).toMatchObject([
      { from: V1, to: V2, outcome: 'Complete', startedAt: status?.plan?.startedAt },
    ]);
  });

  it('shows in Events', async ({ bed }) => {
    const told = (await eventsOf(bed, 'n0')).filter(({ reason }) => reason?.startsWith('Update'));
    expect(told.map(({ type, reason }) => [type, reason])).toEqual([
      ['Normal', 'UpdateStarted'],
      ['Normal', 'UpdateComplete'],
    ]);
    expect(told[0]?.message).toContain(`${V1} -> ${V2}`);
    expect(told[1]?.message).toContain(V2);
  });

  it('can be waited for with kubectl', async ({ bed }) => {
    await bed.kubectl(['wait', '--for=condition=Ready', 'seinode/n0', '--timeout=60s']);
    const complete = '--for=condition=NodeUpdateInProgress=False';
    await bed.kubectl(['wait', complete, 'seinode/n0', '--timeout=60s']);
  });
});
