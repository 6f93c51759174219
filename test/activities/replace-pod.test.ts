import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ReplacePodInput } from '../../activities/contract/rollout.ts';
import { checkSuccessor } from '../../activities/shared/check-successor.ts';
import { FailureType } from '../../domain/failure/failure-type.ts';
import type { Plan } from '../../domain/node/sei-node-status.ts';
import { platform } from '../manifests/fixtures.ts';
import { unavailable } from '../support/cluster/refusals.ts';
import { NODE, seiNode, V1 } from '../support/sei-node.ts';
import { gate } from '../support/workflow/gate.ts';
import {
  ActivityBed,
  applied,
  BEGIN,
  observed,
  rollingBed,
  TO_V1,
  TO_V2,
  updatingBed,
} from './activity-bed.ts';

const POD = { namespace: NODE.namespace, name: 'n0-0' };

const HOLD = { reason: 'maintenance', actor: 'kim', since: '2026-01-01T00:00:00Z' };
const OTHER: Plan = { id: 'another', phase: 'Active', tasks: [] };
const QUOTA = (used: number, limited: number) =>
  `exceeded quota: q, requested: pods=1, used: pods=${used}, limited: pods=${limited}`;

let bed: ActivityBed;
let rollout: ReplacePodInput;

beforeEach(async () => {
  ({ bed, rollout } = await rollingBed());
});

const deletions = () => bed.cluster.requests.of('deletePod');
const graceSeconds = () =>
  (Date.parse(bed.cluster.pods(NODE)[0]?.deletionTimestamp ?? '') - bed.deps.now().getTime()) /
  1_000;
const isLeaving = () => bed.cluster.pods(NODE)[0]?.deletionTimestamp !== undefined;

describe('replace-pod', () => {
  it('deletes the pod of the older revision, which it has just read', async () => {
    expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'replaced', pods: ['n0-0'] });
    expect(isLeaving()).toBe(true);
    expect(bed.cluster.requests.all.map(({ method }) => method)).toEqual([
      'getStatefulSet',
      'listPods',
      'getPersistentVolumeClaim',
      'dryRunPod',
      'getNode',
      'deletePod',
      'patchNodeStatus',
    ]);
  });

  it('records the step', async () => {
    await bed.run('replacePod', rollout);
    expect(bed.node.status?.plan?.tasks.map(({ status }) => status)).toEqual([
      'Complete',
      'Complete',
      'Complete',
      'Pending',
      'Pending',
    ]);
  });

  it.each([
    ['longer', 3_600],
    ['shorter', 5],
  ])(
    'ends the pod with the grace of the spec, which is %s than its own by now',
    async (_, grace) => {
      bed.cluster.editSpec(NODE, { terminationGracePeriodSeconds: grace });
      await bed.run('replacePod', rollout);
      expect(graceSeconds()).toBe(grace);
    },
  );

  it('ends a pod of a node that asks for no grace with that of the installation', async () => {
    await bed.run('replacePod', rollout);
    expect(graceSeconds()).toBe(platform.terminationGraceSeconds);
  });

  it('leaves the new pod alone when it runs again after the replacement', async () => {
    await bed.run('replacePod', rollout);
    bed.cluster.settle();
    const [pod] = bed.cluster.pods(NODE);
    expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'replaced', pods: [] });
    expect(bed.cluster.pods(NODE)).toEqual([pod]);
    expect(deletions()).toHaveLength(1);
  });

  it('leaves the new pod alone when its cache still shows the old one', async () => {
    bed.cluster.cache.freeze('pod');
    await bed.run('replacePod', rollout);
    bed.cluster.settle();
    expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'replaced', pods: [] });
    expect(isLeaving()).toBe(false);
  });

  it('does not conclude from its cache that there is nothing to replace', async () => {
    // The watch shows a pod of V2 that somebody has replaced by one of the old template since.
    await bed.run('replacePod', rollout);
    bed.cluster.settle();
    bed.cluster.cache.freeze('pod');
    bed.cluster.relabelPod(POD, { 'controller-revision-hash': 'n0-old' });
    expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'replaced', pods: ['n0-0'] });
  });

  it('waits until the controller has seen the template, and deletes nothing before', async () => {
    const fresh = await updatingBed();
    const waitingFor = await applied(fresh, TO_V2);
    const running = fresh.start('replacePod', waitingFor);
    expect(running.heartbeats).toEqual([
      'waiting for the StatefulSet controller to see the new template',
    ]);
    expect(fresh.cluster.requests.of('deletePod', 'listPods')).toEqual([]);
    fresh.cluster.controller.observe();
    expect(await running.result).toEqual({ kind: 'replaced', pods: ['n0-0'] });
    expect(fresh.cluster.cache.listeners).toBe(0);
  });

  it('is retried when the live StatefulSet is not where its cache saw it', async () => {
    bed.cluster.requests.before('getStatefulSet', () =>
      bed.cluster.editStatefulSet(NODE, { minReadySeconds: 1 }),
    );
    await expect(bed.run('replacePod', rollout)).rejects.toMatchObject({ nonRetryable: false });
    expect(deletions()).toEqual([]);
  });

  it('deletes no pod that has changed since it was read', async () => {
    bed.cluster.requests.before('deletePod', () => bed.cluster.relabelPod(POD, { any: 'label' }));
    await expect(bed.run('replacePod', rollout)).rejects.toMatchObject({ type: 'conflict' });
    expect(isLeaving()).toBe(false);
  });

  it('deletes no pod that has taken the name since it was read', async () => {
    bed.cluster.requests.before('deletePod', () => {
      bed.cluster.deletePod(POD);
      bed.cluster.settle();
    });
    await expect(bed.run('replacePod', rollout)).rejects.toMatchObject({ type: 'conflict' });
    expect(isLeaving()).toBe(false);
    expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'replaced', pods: [] });
  });

  it('is content when somebody else was faster', async () => {
    bed.cluster.requests.before('deletePod', () => {
      bed.cluster.deletePod(POD);
      bed.cluster.kubelet.endPods();
    });
    expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'replaced', pods: ['n0-0'] });
  });

  it('refuses more than one replica for good, and deletes nothing', async () => {
    bed.cluster.editStatefulSet(NODE, { replicas: 2 });
    bed.cluster.controller.observe();
    const failure = await bed.run('replacePod', rollout).catch((err: unknown) => err);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: FailureType.TooManyReplicas, nonRetryable: true });
    expect(failure).toMatchObject({
      message: expect.stringMatching(/StatefulSet n0 has 2 replicas.*scale it to 1/) as string,
    });
    expect(deletions()).toEqual([]);
  });

  it('believes no cache that shows two replicas which are one by now', async () => {
    bed.cluster.editStatefulSet(NODE, { replicas: 2 });
    bed.cluster.controller.observe();
    bed.cluster.cache.freeze('statefulSet');
    bed.cluster.editStatefulSet(NODE, { replicas: 1 });
    bed.cluster.controller.observe();
    expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'replaced', pods: ['n0-0'] });
  });

  it('replaces the pod of B on the way A, B, A, though currentRevision is A all the time', async () => {
    await bed.run('replacePod', rollout);
    bed.cluster.settle();
    await observed(bed, rollout);
    bed.cluster.editSpec(NODE, { image: TO_V1.image });
    await bed.run('beginUpdate', BEGIN);
    const back = await applied(bed, TO_V1);
    bed.cluster.controller.observe();
    expect(await bed.run('replacePod', back)).toEqual({ kind: 'replaced', pods: ['n0-0'] });
  });

  it.each([
    ['while it waits', false],
    ['before it starts', true],
  ])('ends where another image is wanted %s, and deletes nothing', async (_, isBefore) => {
    const fresh = await updatingBed();
    const waitingFor = await applied(fresh, TO_V2);
    if (isBefore) fresh.cluster.editSpec(NODE, { image: 'sei:v3' });
    const running = fresh.start('replacePod', waitingFor);
    if (!isBefore) fresh.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await running.result).toEqual({ kind: 'superseded' });
    expect(fresh.cluster.requests.of('deletePod')).toEqual([]);
  });

  it.each([
    ['is gone', []],
    ['is being deleted', ['sei.io/seinode-finalizer']],
  ])('ends where the node %s, and deletes nothing', async (_, finalizers) => {
    bed.cluster.setFinalizers(NODE, finalizers);
    bed.cluster.deleteNode(NODE);
    expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'gone' });
    expect(deletions()).toEqual([]);
  });

  it('ends where the node is another one of its name', async () => {
    const node = { ...NODE, uid: 'another' };
    expect(await bed.run('replacePod', { ...rollout, node })).toEqual({ kind: 'gone' });
    expect(deletions()).toEqual([]);
  });

  it('does not believe a watch that does not show the node', async () => {
    const behind = new ActivityBed();
    behind.cluster.cache.freeze('node');
    behind.cluster.createNode(seiNode());
    await expect(behind.run('replacePod', rollout)).rejects.toMatchObject({
      message: 'the watch does not show default/n0 yet',
      nonRetryable: false,
    });
  });

  describe('before the only pod goes', () => {
    const refuse = (words: string) => {
      bed.cluster.admission.refusesPods = words;
    };

    it('hears that its successor would be refused, and leaves it', async () => {
      refuse('violates PodSecurity "restricted:latest"');
      expect(await bed.run('replacePod', rollout)).toEqual({
        kind: 'blocked',
        trouble: {
          reason: 'PodRefused',
          message: expect.stringMatching(
            /^pod n0-0 stays, .*violates PodSecurity.*SEINODE_CHECK_SUCCESSOR=false/,
          ) as string,
        },
      });
      expect(isLeaving()).toBe(false);
      expect(bed.cluster.requests.changes).toEqual([]);
    });

    it('waits for a pod of another ordinal to be gone, which would take its volume', async () => {
      const other = { namespace: NODE.namespace, name: 'n0-1' };
      bed.cluster.forgePod(POD, other.name, { podIP: '10.0.0.9', image: V1 });
      expect(await bed.run('replacePod', rollout)).toMatchObject({
        kind: 'blocked',
        trouble: { reason: 'SurplusPod', message: expect.stringContaining('n0-1') as string },
      });
      expect(bed.cluster.requests.changes).toEqual([]);
      vi.useFakeTimers();
      const known = { reason: 'SurplusPod', message: '' } as const;
      const running = bed.start('replacePod', { ...rollout, known });
      await vi.advanceTimersByTimeAsync(11_000);
      expect(deletions()).toEqual([]);
      bed.cluster.removePod(other);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await running.result).toEqual({ kind: 'replaced', pods: ['n0-0'] });
      vi.useRealTimers();
    });

    it('asks about the pod that the StatefulSet controller would make', async () => {
      const live = await bed.cluster.api.getStatefulSet(NODE);
      await bed.run('replacePod', rollout);
      bed.cluster.settle();
      const made = bed.cluster.pods(NODE)[0];
      expect(live?.nextPod.metadata).toMatchObject(POD);
      expect(live?.nextPod.metadata?.labels?.['controller-revision-hash']).toBe(made?.revision);
      expect(live?.nextPod.spec?.containers.map(({ name, image }) => [name, image])).toEqual(
        made?.containers.filter(({ init }) => !init).map(({ name, image }) => [name, image]),
      );
    });

    it.each([
      ['a quota that the old pod fills', QUOTA(1, 1), true],
      ['a quota below what is used', QUOTA(1, 0), false],
      ['a role without the right', 'User "w" cannot create resource "pods" in API group ""', true],
      ['a webhook of old', 'admission webhook "a.b" does not support dry run', true],
    ])('meets %s', async (_, words, isReplaced) => {
      refuse(words);
      const { kind } = await bed.run('replacePod', rollout);
      expect([kind, isLeaving()]).toEqual(isReplaced ? ['replaced', true] : ['blocked', false]);
    });

    it('asks nothing where the installation has turned that off', async () => {
      refuse('only the StatefulSet controller creates pods');
      const live = await bed.cluster.api.getStatefulSet(NODE);
      const deps = { ...bed.deps, checksSuccessor: false };
      expect(live && (await checkSuccessor(deps, live.nextPod))).toBeUndefined();
      expect(bed.cluster.requests.of('dryRunPod')).toEqual([]);
    });

    it('is retried where the API server has no answer, and leaves the pod', async () => {
      bed.cluster.requests.refuse('dryRunPod', unavailable());
      await expect(bed.run('replacePod', rollout)).rejects.toMatchObject({ type: 'unavailable' });
      expect(isLeaving()).toBe(false);
    });

    it.each([
      ['is held', () => bed.cluster.editStatus(NODE, { hold: HOLD }), 'superseded'],
      ['has another plan', () => bed.cluster.editStatus(NODE, { plan: OTHER }), 'superseded'],
      ['wants another image', () => bed.cluster.editSpec(NODE, { image: 'sei:v9' }), 'superseded'],
      ['is gone', () => bed.cluster.removeNode(NODE), 'gone'],
    ])('finds that the node %s by then', async (_, act, kind) => {
      bed.cluster.cache.freeze('node');
      bed.cluster.requests.before('dryRunPod', act);
      expect(await bed.run('replacePod', rollout)).toEqual({ kind });
      expect(deletions()).toEqual([]);
    });

    it('deletes nothing once it was cancelled, however slow the API is', async () => {
      const running = bed.start('replacePod', rollout);
      bed.cluster.requests.before('getNode', () => running.cancel());
      await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
      expect(deletions()).toEqual([]);
    });

    describe('that is refused for longer', () => {
      beforeEach(() => void vi.useFakeTimers());
      afterEach(() => void vi.useRealTimers());
      const known = { reason: 'PodRefused', message: '' } as const;

      it('asks again at growing intervals, and goes on once that is mended', async () => {
        refuse('exceeded quota');
        const running = bed.start('replacePod', { ...rollout, known });
        await vi.advanceTimersByTimeAsync(10 * 60_000);
        const asked = bed.cluster.requests.of('dryRunPod').length;
        expect(asked).toBeGreaterThan(8);
        expect(asked).toBeLessThan(15);
        expect(running.heartbeats.at(-1)).toContain('exceeded quota');
        bed.cluster.admission.refusesPods = undefined;
        await vi.advanceTimersByTimeAsync(60_000);
        expect(await running.result).toMatchObject({ kind: 'replaced' });
      });

      it('heartbeats while it is in a request that hangs', async () => {
        const running = bed.start('replacePod', rollout);
        const held = gate();
        bed.cluster.requests.answerWith('dryRunPod', held.passed);
        await vi.advanceTimersByTimeAsync(11_500);
        expect(running.heartbeats.length).toBeGreaterThan(10);
        held.open();
        expect(await running.result).toMatchObject({ kind: 'replaced' });
      });
    });
  });

  it('is cancelled while it waits, and stops listening', async () => {
    const fresh = await updatingBed();
    const running = fresh.start('replacePod', await applied(fresh, TO_V2));
    await vi.waitFor(() => expect(fresh.cluster.cache.listeners).toBe(1), { timeout: 15_000 });
    running.cancel();
    await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
    expect(fresh.cluster.cache.listeners).toBe(0);
    expect(fresh.cluster.requests.of('deletePod')).toEqual([]);
  });
});
