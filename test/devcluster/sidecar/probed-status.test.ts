import { describe, expect, it } from 'vitest';

import type { Pod, PodStatus } from '../../../devcluster/sidecar/pod.ts';
import { probedStatus } from '../../../devcluster/sidecar/probed-status.ts';
import { aPod } from './a-pod.ts';

const NOW = '2026-01-02T00:00:00Z';
const READY = { ready: true, restartCount: 0 };
const NOT_READY = { ready: false, restartCount: 0 };

function statusOf(pod: Pod, sidecar: typeof READY | undefined): PodStatus {
  return probedStatus(pod, sidecar, NOW) ?? {};
}

function container(status: PodStatus, name: string) {
  const { initContainerStatuses = [], containerStatuses = [] } = status;
  return [...initContainerStatuses, ...containerStatuses].find((c) => c.name === name);
}

function condition(status: PodStatus, type: string) {
  return status.conditions?.find((c) => c.type === type);
}

function withStatus(pod: Pod, status: PodStatus): Pod {
  return { ...pod, status: { ...pod.status, ...status } };
}

const readyPod = (options = {}) => withStatus(aPod(options), statusOf(aPod(options), READY));

describe('probedStatus', () => {
  it('changes nothing while the sidecar has not become ready', () => {
    expect(probedStatus(aPod(), NOT_READY, NOW)).toBeUndefined();
  });

  it('makes proxy, seid and pod ready with the sidecar', () => {
    const status = statusOf(aPod(), READY);
    expect(container(status, 'kube-rbac-proxy')?.ready).toBe(true);
    expect(container(status, 'seid')).toMatchObject({ started: true, ready: true });
    expect(condition(status, 'Ready')).toEqual({
      type: 'Ready',
      status: 'True',
      lastTransitionTime: NOW,
    });
    expect(condition(status, 'ContainersReady')?.status).toBe('True');
    expect(condition(status, 'PodScheduled')).toEqual({ type: 'PodScheduled', status: 'True' });
  });

  it('changes nothing more once that is written', () => {
    expect(probedStatus(readyPod(), READY, 'later')).toBeUndefined();
  });

  it('makes the pod unready, but leaves seid as it is, when the sidecar is not ready any more', () => {
    const status = statusOf(readyPod(), NOT_READY);
    expect(container(status, 'seid')).toMatchObject({ started: true, ready: true });
    expect(condition(status, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [kube-rbac-proxy]',
    });
  });

  it('keeps the time of a condition whose status stays', () => {
    const crashed = withStatus(aPod(), {
      containerStatuses: [{ name: 'seid', ready: true, restartCount: 1 }],
    });
    expect(condition(statusOf(crashed, NOT_READY), 'Ready')).toMatchObject({
      message: 'containers with unready status: [kube-rbac-proxy]',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
  });

  it('shows a restart of the sidecar on its container', () => {
    const status = statusOf(readyPod(), { ready: false, restartCount: 1 });
    expect(container(status, 'sei-sidecar')).toMatchObject({
      restartCount: 1,
      state: { running: { startedAt: NOW } },
      lastState: { terminated: { exitCode: 1, startedAt: '2026-01-01T00:00:00Z' } },
    });
  });

  it('makes the pod unready when the sidecar does not run', () => {
    const status = statusOf(readyPod(), undefined);
    expect(container(status, 'kube-rbac-proxy')?.ready).toBe(false);
    expect(condition(status, 'Ready')?.status).toBe('False');
  });

  it('never makes a proxy ready that does not run', () => {
    expect(probedStatus(aPod({ proxy: 'waiting' }), READY, NOW)).toMatchObject({
      conditions: [{}, { message: 'containers with unready status: [kube-rbac-proxy]' }, {}],
    });
  });

  it('never makes a seid ready that does not run', () => {
    const seid = { name: 'seid', ready: false, restartCount: 1, state: { waiting: {} } };
    const crashed = withStatus(aPod(), { containerStatuses: [seid] });
    expect(container(statusOf(crashed, READY), 'seid')).toEqual(seid);
  });

  it('never makes a halted seid ready, though it has started', () => {
    const status = statusOf(aPod({ image: 'sei:never-ready-2' }), READY);
    expect(container(status, 'seid')).toMatchObject({ started: true, ready: false });
    expect(condition(status, 'Ready')?.message).toBe('containers with unready status: [seid]');
  });
});
