import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { AwaitMountsInput } from '../../activities/contract/rollout.ts';
import { releaseMountLeases, takeMountLeases } from '../../activities/shared/mount-leases.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, TO_V1, TO_V2 } from './activity-bed.ts';
import { OTHER, rivalsBed } from './rivals-bed.ts';

const INPUT: AwaitMountsInput = { ...PLAN, target: TO_V1, generation: 1, known: undefined };
const WHO = expect.stringContaining('in use by SeiNode n1') as string;

let bed: ActivityBed;
beforeEach(async () => {
  bed = await rivalsBed();
});

async function knowingWho(): Promise<AwaitMountsInput> {
  const told = await bed.run('awaitMounts', INPUT);
  if (told.kind !== 'blocked') throw new Error(`await-mounts answered ${told.kind}`);
  return { ...INPUT, known: told.trouble };
}

describe('await-mounts', () => {
  it('answers at once who has what the pod would mount', async () => {
    expect(await bed.run('awaitMounts', INPUT)).toEqual({
      kind: 'blocked',
      trouble: { reason: 'IdentityInUse', message: WHO },
    });
  });

  it('ends as soon as the other node has let go', async () => {
    const running = bed.start('awaitMounts', await knowingWho());
    await vi.waitFor(() => expect(running.heartbeats).toEqual([WHO]));
    const other = bed.cluster.node(OTHER);
    if (other === undefined) throw new Error('the other node is gone');
    await releaseMountLeases(bed.cluster, other);
    bed.advanceClock(2);
    bed.cluster.editStatus(OTHER, { phase: 'Running' });
    expect(await running.result).toEqual({ kind: 'free' });
  });

  it('ends when the node wants something else', async () => {
    const input = await knowingWho();
    expect(await bed.run('awaitMounts', { ...input, target: TO_V2 })).toEqual({
      kind: 'superseded',
    });
  });

  it('ends when the node is deleted', async () => {
    const input = await knowingWho();
    bed.cluster.removeNode(NODE);
    expect(await bed.run('awaitMounts', input)).toEqual({ kind: 'gone' });
  });

  describe('where no watch shows it', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('asks again on its own', async () => {
      const running = bed.start('awaitMounts', await knowingWho());
      bed.cluster.cache.freeze('node');
      bed.cluster.removeNode(OTHER);
      // It deletes the Lease of a node that is gone in one attempt, and takes it in the next.
      const failure = running.result.then(() => undefined, String);
      for (let second = 0; second < 60; second += 1) {
        bed.advanceClock(1);
        await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(await failure).toContain('is taken next');
      expect(await bed.run('awaitMounts', INPUT)).toEqual({ kind: 'free' });
    });
  });
});

describe('a node that may not mount what its pod would', () => {
  const attempt = { ...PLAN, target: TO_V1, generation: 1 };

  it('gets no StatefulSet', async () => {
    expect(await bed.run('applyStatefulSet', attempt)).toEqual({ kind: 'mounts-in-use' });
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
  });

  it('may be scaled to zero', async () => {
    bed.cluster.editSpec(NODE, { paused: true });
    const paused = { ...attempt, target: { ...TO_V1, replicas: 0 as const }, generation: 2 };
    expect(await bed.run('applyStatefulSet', paused)).toMatchObject({ kind: 'applied' });
  });

  it('is not let through, if somebody made its pod all the same', async () => {
    const statefulSet = { name: NODE.name, uid: 'sts' };
    bed.cluster.editStatus(NODE, { phase: 'Running', statefulSet });
    const rollout = { ...attempt, statefulSet: { uid: 'sts', generation: 1 }, known: undefined };
    const pod = { name: 'n0-0', uid: 'pod', ip: '10.0.0.9', image: 'i', sidecarImage: 's' };
    expect(await bed.run('markReady', { ...rollout, pod, taskId: 'task' })).toMatchObject({
      kind: 'blocked',
      trouble: { reason: 'IdentityInUse' },
    });
    expect(bed.sidecar.calls).toEqual([]);
  });
});

describe('a Lease of what the pod mounts', () => {
  it('is there before the StatefulSet, and goes with the pause, once no pod is left', async () => {
    const other = bed.cluster.node(OTHER);
    if (other === undefined) throw new Error('the other node is gone');
    await releaseMountLeases(bed.cluster, other);
    await bed.run('applyStatefulSet', { ...PLAN, target: TO_V1, generation: 1 });
    expect(await takeMountLeases(bed.cluster, other)).toMatchObject({ holder: { name: 'n0' } });
    bed.cluster.settle();

    bed.cluster.editSpec(NODE, { paused: true });
    const toZero = { ...TO_V1, replicas: 0 as const };
    await bed.run('applyStatefulSet', { ...PLAN, target: toZero, generation: 2 });
    const leaving = bed.start('awaitPodsGone', { ...PLAN, because: 'paused', known: undefined });
    bed.cluster.settle();
    expect(await takeMountLeases(bed.cluster, other)).toMatchObject({ holder: { name: 'n0' } });
    bed.cluster.kubelet.endPods();
    bed.cluster.settle();
    expect(await leaving.result).toEqual({ kind: 'none-left' });
    expect(await takeMountLeases(bed.cluster, other)).toBeUndefined();
  });
});
