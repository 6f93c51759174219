import { CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { MarkReadyInput } from '../../activities/contract/sidecar-round.ts';
import type { Stall } from '../../domain/node/stall.ts';
import { sidecarAudience } from '../../domain/sidecar/sidecar-audience.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';
import { KEEPS_RUNNING } from '../support/cluster/fake-sidecar.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { observed, replacedBed } from './activity-bed.ts';

let bed: ActivityBed;
let input: MarkReadyInput;

/** The new pod runs and was observed; its sidecar has not been asked yet. */
beforeEach(async () => {
  const replaced = await replacedBed();
  ({ bed } = replaced);
  bed.cluster.settle();
  const pod = await observed(bed, replaced.rollout);
  input = { ...replaced.rollout, pod, taskId: 'task-1', known: undefined };
  bed.cluster.requests.clear();
});

const calls = () => bed.sidecar.calls.map(({ call }) => call);
const keepRunning = () => {
  bed.sidecar.runOf = () => KEEPS_RUNNING;
};
const target = () => ({ node: NODE, pod: { name: input.pod.name, ip: input.pod.ip } });

describe('mark-ready', () => {
  it('submits the task before it believes healthz', async () => {
    const audience = sidecarAudience(NODE);
    expect(await bed.run('markReady', input)).toEqual({ kind: 'ready' });
    expect(bed.sidecar.calls).toEqual([
      { call: 'submitTask', pod: 'n0-0', ip: input.pod.ip, id: 'task-1', audience },
      { call: 'healthz', pod: 'n0-0', ip: input.pod.ip },
    ]);
  });

  it('asks the API server for the pod alone, before it sends the task and once it is ready', async () => {
    const order: string[] = [];
    bed.sidecar.beforeNext('submitTask', () => {
      order.push(...bed.cluster.requests.all.map(({ method }) => method), 'submitTask');
    });
    await bed.run('markReady', input);
    expect(order).toEqual(['getPod', 'submitTask']);
    expect(bed.cluster.requests.all.map(({ method }) => method)).toEqual(['getPod', 'getPod']);
  });

  it('waits for the gate to open, and says what it waits for', async () => {
    keepRunning();
    const running = bed.start('markReady', input);
    await vi.waitFor(() => expect(bed.sidecar.callsOf('healthz').length).toBeGreaterThan(1), {
      timeout: 15_000,
    });
    expect(running.heartbeats.at(-1)).toBe('task task-1 is running, the sidecar is not ready');
    bed.sidecar.completeTasks(target());
    expect(await running.result).toEqual({ kind: 'ready' });
    expect(bed.sidecar.callsOf('submitTask')).toHaveLength(1);
  });

  it('sees at once that the task completed while it asked for it', async () => {
    keepRunning();
    bed.sidecar.beforeNext('getTask', () => bed.sidecar.completeTasks(target()));
    expect(await bed.run('markReady', input)).toEqual({ kind: 'ready' });
    expect(calls()).toEqual(['submitTask', 'healthz', 'getTask', 'healthz']);
  });

  it('finds a submission forgotten whose sidecar restarted after it', async () => {
    keepRunning();
    bed.sidecar.beforeNext('getTask', () => {
      bed.sidecar.completeTasks(target());
      bed.sidecar.restart(input.pod.ip ?? '');
    });
    expect(await bed.run('markReady', input)).toEqual({ kind: 'forgotten' });
  });

  it('finds an id forgotten that was completed for the pod before this one', async () => {
    // The tasks outlive the pod on the volume, so the submission is accepted and does nothing.
    await bed.sidecar.submitTask({ ...target(), id: 'task-1', type: 'mark-ready' });
    bed.sidecar.restart(input.pod.ip ?? '');
    expect(await bed.run('markReady', input)).toEqual({ kind: 'forgotten' });
  });

  it('finds a submission forgotten that the sidecar does not know any more', async () => {
    keepRunning();
    bed.sidecar.beforeNext('getTask', () => bed.sidecar.forgetTasks(NODE));
    expect(await bed.run('markReady', input)).toEqual({ kind: 'forgotten' });
  });

  it('does not call a sidecar forgetful that merely does not answer', async () => {
    keepRunning();
    bed.sidecar.beforeNext('getTask', () => bed.sidecar.completeTasks(target()));
    const running = bed.start('markReady', input);
    bed.sidecar.unreachableNext();
    bed.sidecar.unreachableNext();
    expect(await running.result).toEqual({ kind: 'ready' });
  });

  it('hands on the error of a task that failed', async () => {
    bed.sidecar.runOf = () => ({ durationMs: 0, error: 'disk full' });
    expect(await bed.run('markReady', input)).toEqual({ kind: 'task-failed', error: 'disk full' });
  });

  it('waits out that the sidecar cannot be reached, and does the task once', async () => {
    const refused = new SidecarError({ kind: 'refused' }, 'nothing listens');
    bed.sidecar.refuseNext('submitTask', refused);
    const running = bed.start('markReady', input);
    expect(await running.result).toEqual({ kind: 'ready' });
    expect(running.heartbeats).toContain('nothing listens');
    expect(bed.sidecar.begun.slice(-2)).toEqual(['mark-ready task-of-init', 'mark-ready task-1']);
  });

  it('runs no task again that failed while its submission was not answered', async () => {
    bed.sidecar.loseAnswer(0);
    bed.sidecar.runOf = () => ({ durationMs: 0, error: 'disk full' });
    expect(await bed.run('markReady', input)).toEqual({ kind: 'task-failed', error: 'disk full' });
    expect(bed.sidecar.callsOf('submitTask')).toHaveLength(1);
  });

  it('loses the pod when it is being deleted, before it asks anything', async () => {
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    expect(await bed.run('markReady', input)).toEqual({ kind: 'pod-lost' });
    expect(calls()).toEqual([]);
  });

  it('loses the pod when another one has taken its name', async () => {
    keepRunning();
    const running = bed.start('markReady', input);
    await vi.waitFor(() => expect(calls()).toContain('getTask'), { timeout: 15_000 });
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    bed.cluster.settle();
    expect(await running.result).toEqual({ kind: 'pod-lost' });
  });

  it('does not lose a pod that its watch has not shown yet', async () => {
    const behind = await replacedBed();
    behind.bed.cluster.cache.freeze('pod');
    behind.bed.cluster.settle();
    const [pod] = behind.bed.cluster.pods(NODE);
    const { uid = '', name = '', ip } = pod ?? {};
    const running = { ...input.pod, uid, name, ip };
    const result = await behind.bed.run('markReady', {
      ...behind.rollout,
      pod: running,
      taskId: 't',
      known: undefined,
    });
    expect(result).toEqual({ kind: 'ready' });
  });

  it('ends where another image is wanted, before it asks anything', async () => {
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await bed.run('markReady', input)).toEqual({ kind: 'superseded' });
    expect(calls()).toEqual([]);
  });

  it('ends where another image is wanted while it waits', async () => {
    keepRunning();
    const running = bed.start('markReady', input);
    await vi.waitFor(() => expect(calls()).toContain('getTask'), { timeout: 15_000 });
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await running.result).toEqual({ kind: 'superseded' });
  });

  it.each([
    ['is gone', []],
    ['is being deleted', ['sei.io/seinode-finalizer']],
  ])('ends where the node %s while it waits', async (_, finalizers) => {
    bed.cluster.setFinalizers(NODE, finalizers);
    keepRunning();
    const running = bed.start('markReady', input);
    await vi.waitFor(() => expect(calls()).toContain('getTask'), { timeout: 15_000 });
    bed.cluster.deleteNode(NODE);
    expect(await running.result).toEqual({ kind: 'gone' });
  });

  it('is cancelled as such while it waits', async () => {
    keepRunning();
    const running = bed.start('markReady', input);
    await vi.waitFor(() => expect(calls()).toContain('getTask'), { timeout: 15_000 });
    running.cancel();
    await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
  });

  it.each(['submitTask', 'healthz', 'getTask'] as const)(
    'is cancelled while the sidecar hangs in %s',
    async (call) => {
      keepRunning();
      bed.sidecar.hangNext(call);
      const running = bed.start('markReady', input);
      await vi.waitFor(() => expect(calls()).toContain(call), { timeout: 15_000 });
      running.cancel();
      await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
    },
  );

  describe('against a sidecar that hangs', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    const elapse = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        bed.advanceClock(1);
        await vi.advanceTimersByTimeAsync(1_000);
      }
    };

    it.each([
      ['SidecarUnauthorized', { kind: 'http', status: 401 }],
      ['SidecarUnauthorized', { kind: 'http', status: 403 }],
      ['SidecarFailing', { kind: 'http', status: 500 }],
      ['SidecarUnreachable', { kind: 'refused' }],
      ['SidecarUnreachable', { kind: 'unreachable' }],
      ['SidecarUnreachable', { kind: 'timeout', timeoutMs: 10_000 }],
    ] as const)('tells of %s within half a minute, in its words: %o', async (reason, failure) => {
      bed.sidecar.outage = new SidecarError(failure, 'as the proxy says');
      const running = bed.start('markReady', input);
      await elapse(30);
      expect(await running.result).toEqual({
        kind: 'blocked',
        trouble: { reason, message: 'as the proxy says' },
      });
    });

    it('bears with a sidecar that takes its time to start', async () => {
      bed.sidecar.outage = new SidecarError({ kind: 'refused' }, 'nothing listens');
      const running = bed.start('markReady', input);
      await elapse(15);
      bed.sidecar.outage = undefined;
      await elapse(5);
      expect(await running.result).toEqual({ kind: 'ready' });
    });

    it('stays with a known outage, and reports another one', async () => {
      bed.sidecar.outage = new SidecarError({ kind: 'refused' }, 'nothing listens');
      const known = { reason: 'SidecarUnreachable', message: 'nothing listens' } as const;
      const running = bed.start('markReady', { ...input, known });
      let turns = 0;
      void running.result.finally(() => (turns += 1));
      await elapse(120);
      expect(turns).toBe(0);
      bed.sidecar.outage = new SidecarError({ kind: 'http', status: 401 }, 'no token');
      await elapse(6);
      expect(await running.result).toMatchObject({ trouble: { reason: 'SidecarUnauthorized' } });
    });

    it('reports that an outage is over while the task goes on', async () => {
      keepRunning();
      const known = { reason: 'SidecarUnreachable', message: 'nothing listens' } as const;
      expect(await bed.run('markReady', { ...input, known })).toEqual({ kind: 'unblocked' });
    });

    it('reports a healthz that cannot be reached behind a task that is done', async () => {
      bed.sidecar.healthzIsAway = true;
      const running = bed.start('markReady', input);
      await elapse(30);
      expect(await running.result).toMatchObject({ trouble: { reason: 'SidecarUnreachable' } });
    });

    describe('beside thousands of nodes whose sidecars keep them waiting', () => {
      const KNOWN = { reason: 'SidecarUnreachable', message: 'nothing listens' } as const;
      let ends: readonly (() => void)[] = [];
      const waitIn = (namespace: string): void => {
        ends = Array.from({ length: 2_000 }, () => bed.deps.sidecarLooks.begin(namespace));
      };
      const callsIn = async (seconds: number, known?: Stall): Promise<number> => {
        const running = bed.start('markReady', { ...input, known });
        await elapse(seconds);
        running.cancel();
        await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
        return bed.sidecar.calls.length;
      };
      afterEach(() => ends.forEach((end) => end()));

      it('asks a sidecar that does not answer as often as ever, if they are of another namespace', async () => {
        bed.sidecar.outage = new SidecarError({ kind: 'refused' }, 'nothing listens');
        waitIn('broken');
        expect(await callsIn(120, KNOWN)).toBeGreaterThan(24);
      });

      it('asks it seldom, if they are of its own', async () => {
        bed.sidecar.outage = new SidecarError({ kind: 'refused' }, 'nothing listens');
        waitIn(NODE.namespace);
        // Within the first seconds as often as ever.
        expect(await callsIn(120, KNOWN)).toBeLessThan(15);
      });

      it('still reports an outage within half a minute', async () => {
        bed.sidecar.outage = new SidecarError({ kind: 'refused' }, 'nothing listens');
        waitIn(NODE.namespace);
        const running = bed.start('markReady', input);
        await elapse(30);
        expect(await running.result).toMatchObject({ kind: 'blocked' });
      });

      it('looks seldom at a task that runs for long', async () => {
        keepRunning();
        waitIn(NODE.namespace);
        expect(await callsIn(120)).toBeLessThan(30);
      });
    });

    it('goes on heartbeating, so that it is not taken for dead', async () => {
      bed.sidecar.hangNext('submitTask');
      const running = bed.start('markReady', input);
      await vi.advanceTimersByTimeAsync(9_500);
      expect(running.heartbeats).toHaveLength(10);
      running.cancel();
      await expect(running.result).rejects.toBeInstanceOf(CancelledFailure);
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
