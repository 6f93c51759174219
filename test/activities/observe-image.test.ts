import { CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ObserveImageInput } from '../../activities/contract/rollout.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { SEID_INIT_CONTAINER } from '../../domain/pod/pod-view.ts';
import type { Fate } from '../support/cluster/kubelet.ts';
import { unavailable } from '../support/cluster/refusals.ts';
import { NODE, SIDECAR, V1, V2 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { applied, PLAN, replacedBed, rollingBed, TO_V2 } from './activity-bed.ts';

let bed: ActivityBed;
let input: ObserveImageInput;

/** The old pod has gone and the new one is not made yet. */
beforeEach(async () => {
  const replaced = await replacedBed();
  ({ bed } = replaced);
  input = { ...replaced.rollout, known: undefined, revision: 'newest' };
});

const badImage: Fate = { kind: 'waits', reason: 'ErrImagePull', message: 'manifest unknown' };
const blockedBy = (fate: Fate) => {
  bed.cluster.kubelet.fateOf = (image) => (image === V2 ? fate : { kind: 'runs' });
};

describe('observe-image', () => {
  it('records what the new pod runs, in one request, as soon as it runs', async () => {
    const running = bed.start('observeImage', input);
    bed.cluster.settle();
    expect(await running.result).toMatchObject({
      kind: 'complete',
      pod: { name: 'n0-0', uid: bed.cluster.pods(NODE)[0]?.uid, image: V2, sidecarImage: SIDECAR },
    });
    expect(bed.node.status).toMatchObject({ currentImage: V2, currentSidecarImage: SIDECAR });
    expect(bed.cluster.requests.all.map(({ method }) => method)).toEqual(['patchNodeStatus']);
  });

  it('says what it waits for, step by step', async () => {
    const running = bed.start('observeImage', input);
    const { controller, kubelet, cache } = bed.cluster;
    expect(running.heartbeats).toEqual(['0/1 updated, waiting for the new pod to be created']);
    expect(cache.listeners).toBe(1);
    controller.createPods();
    kubelet.startPods();
    controller.observe();
    await running.result;
    expect(cache.listeners).toBe(0);
  });

  it("records the pod's own image where spec wants another one by now", async () => {
    bed.cluster.cache.freeze('node');
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    bed.cluster.settle();
    await bed.run('observeImage', input);
    expect(bed.node.status?.currentImage).toBe(V2);
  });

  it('records nothing of a pod that has not pulled its image', async () => {
    blockedBy(badImage);
    bed.cluster.settle();
    const result = await bed.run('observeImage', input);
    expect(result).toMatchObject({ kind: 'blocked', trouble: { reason: 'ImagePullBackOff' } });
    expect(bed.node.status?.currentImage).toBe(V1);
    expect(bed.cluster.requests.all).toEqual([]);
  });

  it('stays with a known stall, and reports another one', async () => {
    blockedBy(badImage);
    bed.cluster.settle();
    const seen = await bed.run('observeImage', input);
    const known = seen.kind === 'blocked' ? seen.trouble : undefined;
    const running = bed.start('observeImage', { ...input, known });
    blockedBy({ kind: 'waits', reason: 'ImagePullBackOff', message: 'back-off' });
    bed.cluster.settle();
    blockedBy({ kind: 'waits', reason: 'InvalidImageName', message: 'no name' });
    bed.cluster.settle();
    expect(await running.result).toMatchObject({
      kind: 'blocked',
      trouble: { reason: 'InvalidImageName' },
    });
  });

  it('ends the stall that it was in', async () => {
    blockedBy(badImage);
    bed.cluster.settle();
    const seen = await bed.run('observeImage', input);
    const known = seen.kind === 'blocked' ? seen.trouble : undefined;
    await bed.run('recordStall', { ...PLAN, trouble: known });
    blockedBy({ kind: 'runs' });
    bed.cluster.settle();
    await bed.run('observeImage', { ...input, known });
    expect(findCondition(bed.node.status?.conditions, 'Stalled')?.status).toBe('False');
  });

  it('is not blocked by the bad pod that replace-pod has just deleted', async () => {
    const rolling = await rollingBed();
    const { cluster } = rolling.bed;
    // The watch lags: it shows the pod as it was, in trouble and not yet deleted.
    cluster.kubelet.fateOf = () => badImage;
    cluster.kubelet.startPods();
    cluster.cache.freeze('pod');
    await rolling.bed.run('replacePod', rolling.rollout);
    const running = rolling.bed.start('observeImage', {
      ...rolling.rollout,
      known: undefined,
      revision: 'newest',
    });
    cluster.kubelet.fateOf = () => ({ kind: 'runs' });
    cluster.settle();
    cluster.cache.thaw();
    expect(await running.result).toMatchObject({ kind: 'complete' });
  });

  it('takes nothing from a cache that is older than the apply', async () => {
    const rolling = await rollingBed();
    const { cluster } = rolling.bed;
    const known = { ...rolling.rollout, known: undefined, revision: 'newest' } as const;
    const newer = { ...known.statefulSet, generation: known.statefulSet.generation + 1 };
    const running = rolling.bed.start('observeImage', { ...known, statefulSet: newer });
    cluster.settle();
    expect(rolling.bed.node.status?.currentImage).toBe(V1);
    running.cancel();
    await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
    expect(running.heartbeats[0]).toBe(
      '0/1 updated, waiting for the StatefulSet controller to see the new template',
    );
  });

  it('ends where the StatefulSet is gone, which the next attempt makes again', async () => {
    const running = bed.start('observeImage', input);
    bed.cluster.deleteStatefulSet(NODE);
    expect(await running.result).toEqual({ kind: 'superseded' });
  });

  it('keeps waiting where only its cache does not show the StatefulSet', async () => {
    bed.cluster.cache.freeze('statefulSet');
    bed.cluster.deleteStatefulSet(NODE);
    const running = bed.start('observeImage', { ...input, ...(await applied(bed, TO_V2)) });
    // The second wait, after a live read that found it.
    await vi.waitFor(() => expect(running.heartbeats.length).toBeGreaterThan(1), {
      timeout: 15_000,
    });
    expect(running.heartbeats.at(-1)).toBe('0/1 updated, waiting for the StatefulSet to exist');
    bed.cluster.settle();
    bed.cluster.cache.thaw();
    expect(await running.result).toMatchObject({ kind: 'complete' });
  });

  it('ends where another image is wanted', async () => {
    const running = bed.start('observeImage', input);
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await running.result).toEqual({ kind: 'superseded' });
    expect(bed.node.status?.currentImage).toBe(V1);
  });

  it('goes on where spec changes in a way that asks for no other image', async () => {
    const running = bed.start('observeImage', input);
    bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
    bed.cluster.settle();
    expect(await running.result).toMatchObject({ kind: 'complete' });
  });

  it.each([
    ['is gone', []],
    ['is being deleted', ['sei.io/seinode-finalizer']],
  ])('ends where the node %s', async (_, finalizers) => {
    bed.cluster.setFinalizers(NODE, finalizers);
    const running = bed.start('observeImage', input);
    bed.cluster.deleteNode(NODE);
    expect(await running.result).toEqual({ kind: 'gone' });
  });

  it('ends where the node has become another one of its name', async () => {
    const running = bed.start('observeImage', input);
    const { spec, apiVersion, kind, metadata } = bed.node;
    bed.cluster.removeNode(NODE);
    bed.cluster.createNode({ apiVersion, kind, spec, metadata: { ...metadata, uid: 'another' } });
    bed.cluster.settle();
    expect(await running.result).toEqual({ kind: 'gone' });
    expect(bed.cluster.node(NODE)?.status).toBeUndefined();
  });

  describe('over time', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    const elapse = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        bed.advanceClock(1);
        await vi.advanceTimersByTimeAsync(1_000);
      }
    };
    const initContainer = (fate: Fate): void => {
      bed.cluster.kubelet.fateOf = (_, container) =>
        container === SEID_INIT_CONTAINER ? fate : { kind: 'runs' };
      bed.cluster.settle();
    };

    it('heartbeats every second, so that a cancellation gets through', async () => {
      const running = bed.start('observeImage', input);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(running.heartbeats).toHaveLength(4);
      running.cancel();
      await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
      expect(vi.getTimerCount()).toBe(0);
    });

    const isBlocked = (reason: string, message: string) => ({
      kind: 'blocked',
      trouble: { reason, message: expect.stringContaining(message) as string },
    });
    const statefulSet = () => bed.cluster.statefulSet(NODE) ?? never();
    const newPod = () => bed.cluster.pods(NODE)[0] ?? never();
    const never = (): never => {
      throw new Error('it is not there');
    };
    const unstarted = (): void => {
      bed.cluster.kubelet.fateOf = () => ({
        kind: 'waits',
        reason: 'ContainerCreating',
        message: '',
      });
      bed.cluster.controller.createPods();
      bed.cluster.kubelet.startPods();
    };

    it.each(['newest', 'any'] as const)(
      'says in the words of the API server why no pod is made, of the revision %s',
      async (revision) => {
        const message = 'pods "n0-0" is forbidden: exceeded quota: none';
        const running = bed.start('observeImage', { ...input, revision });
        bed.cluster.say(statefulSet(), { reason: 'FailedCreate', message });
        await elapse(29);
        expect(await running.result).toMatchObject(isBlocked('PodRefused', message));
      },
    );

    it('says why a pod does not start', async () => {
      unstarted();
      const running = bed.start('observeImage', input);
      await elapse(20);
      bed.cluster.say(newPod(), { reason: 'FailedMount', message: 'secret "key" not found' });
      await elapse(29);
      expect(await running.result).toMatchObject(
        isBlocked('FailedMount', 'secret "key" not found'),
      );
    });

    it('asks for no Event of a pod that comes up', async () => {
      const running = bed.start('observeImage', input);
      await elapse(3);
      unstarted();
      await elapse(3);
      bed.cluster.kubelet.fateOf = () => ({ kind: 'runs' });
      bed.cluster.settle();
      expect(await running.result).toMatchObject({ kind: 'complete' });
      expect(bed.cluster.requests.of('listEvents')).toEqual([]);
    });

    it('asks four times a minute at most for what is stuck', async () => {
      const running = bed.start('observeImage', input);
      await elapse(600);
      expect(bed.cluster.requests.of('listEvents').length).toBeLessThan(40);
      running.cancel();
      await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
    });

    it('goes on waiting where Events cannot be read', async () => {
      bed.cluster.requests.refuse('listEvents', unavailable());
      const message = 'exceeded quota: none';
      const running = bed.start('observeImage', input);
      bed.cluster.say(statefulSet(), { reason: 'FailedCreate', message });
      await elapse(29);
      expect(await running.result).toMatchObject(isBlocked('PodRefused', message));
    });

    it('stays with a refused pod that is known, and is over it once the pod is there', async () => {
      const known = { reason: 'PodRefused', message: '' } as const;
      bed.cluster.say(statefulSet(), { reason: 'FailedCreate', message: 'exceeded quota: none' });
      const running = bed.start('observeImage', { ...input, known });
      let turns = 0;
      void running.result.finally(() => (turns += 1));
      await elapse(60);
      expect(turns).toBe(0);
      unstarted();
      await elapse(11);
      expect(await running.result).toEqual({ kind: 'unblocked' });
    });

    it('notices that a grace has run out though nothing changes', async () => {
      blockedBy({ kind: 'unschedulable', message: '0/3 nodes are available' });
      bed.cluster.settle();
      const running = bed.start('observeImage', input);
      bed.advanceClock(119);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(running.heartbeats).toHaveLength(2);
      bed.advanceClock(1);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await running.result).toMatchObject({
        kind: 'blocked',
        trouble: { reason: 'Unschedulable' },
      });
    });

    it('reports that a known stall has been over for ten seconds', async () => {
      bed.cluster.controller.createPods();
      const known = { reason: 'ImagePullBackOff', message: '' } as const;
      const running = bed.start('observeImage', { ...input, known });
      await elapse(9);
      expect(vi.getTimerCount()).toBe(2);
      await elapse(1);
      expect(await running.result).toEqual({ kind: 'unblocked' });
    });

    it('takes no turn of a crash loop for its end', async () => {
      const known = { reason: 'CrashLoopBackOff', message: '' } as const;
      const running = bed.start('observeImage', { ...input, known });
      let turns = 0;
      void running.result.finally(() => (turns += 1));
      for (let restarts = 0; restarts < 5; restarts += 1) {
        initContainer({ kind: 'crashes', turn: 'runs' });
        await elapse(8);
        initContainer({ kind: 'crashes' });
        await elapse(20);
      }
      expect(turns).toBe(0);
      initContainer({ kind: 'runs' });
      expect(await running.result).toMatchObject({ kind: 'complete' });
    });

    it('costs nothing while a container has been in a crash loop for a week', async () => {
      const BACK_OFF_SECONDS = 300;
      const known = { reason: 'CrashLoopBackOff', message: '' } as const;
      const running = bed.start('observeImage', { ...input, known });
      for (let seconds = 0; seconds < 7 * 86_400; seconds += BACK_OFF_SECONDS) {
        initContainer({ kind: 'crashes', turn: 'runs' });
        bed.advanceClock(5);
        initContainer({ kind: 'crashes' });
        bed.advanceClock(BACK_OFF_SECONDS - 5);
      }
      await vi.advanceTimersByTimeAsync(0);
      expect(bed.cluster.requests.all).toEqual([]);
      initContainer({ kind: 'runs' });
      expect(await running.result).toMatchObject({ kind: 'complete' });
      expect(bed.cluster.requests.all).toHaveLength(1);
    });

    it('reports a pod that terminates beyond its grace, and does not touch it', async () => {
      const rolling = await rollingBed();
      await rolling.bed.run('replacePod', rolling.rollout);
      const running = rolling.bed.start('observeImage', {
        ...rolling.rollout,
        known: undefined,
        revision: 'newest',
      });
      // Its grace is two minutes.
      rolling.bed.advanceClock(130);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await running.result).toMatchObject({
        kind: 'blocked',
        trouble: { reason: 'PodTerminating' },
      });
      expect(rolling.bed.cluster.requests.of('deletePod')).toHaveLength(1);
    });
  });
});
