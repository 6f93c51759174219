import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';

import { containerOf, SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import { podView } from '../../../kubernetes/views/pod-view.ts';

const owner = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  name: 'n0',
  uid: 'sts-1',
  controller: true,
};

function pod(status: object = {}, metadata: object = {}): V1Pod {
  return {
    metadata: {
      namespace: 'default',
      name: 'n0-0',
      uid: 'pod-1',
      resourceVersion: '7',
      labels: { 'sei.io/node': 'n0', 'controller-revision-hash': 'n0-abc' },
      ownerReferences: [{ ...owner, kind: 'Job', uid: 'job', controller: false }, owner],
      ...metadata,
    },
    spec: {
      initContainers: [
        { name: 'seid-init', image: 'seid:a' },
        { name: 'sei-sidecar', image: 'sc:a' },
      ],
      containers: [{ name: 'seid', image: 'seid:a' }],
    },
    status,
  } as V1Pod;
}

/** With these arguments of its kube-rbac-proxy. */
function withProxy(args: readonly string[]): V1Pod {
  const initContainers = [{ name: 'kube-rbac-proxy', image: 'krp:a', args: [...args] }];
  return Object.assign(pod(), { spec: { initContainers, containers: [] } });
}

function seidWith(state: V1ContainerState, more: object = {}) {
  const containerStatuses = [{ name: 'seid', ready: false, restartCount: 0, state, ...more }];
  const view = containerOf(podView(pod({ containerStatuses })), SEID_CONTAINER);
  expect(view).toBeDefined();
  return view;
}

describe('podView', () => {
  it('knows a pod whose proxy asks for tokens of an audience', () => {
    const old = ['--upstream=http://127.0.0.1:7777/', '--v=0'];
    expect(podView(withProxy(old))).not.toHaveProperty('asksForAudience');
    const young = podView(withProxy([...old, '--auth-token-audiences=any']));
    expect(young.asksForAudience).toBe(true);
  });

  it('keeps what decisions are made from', () => {
    const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
    const view = podView(
      pod({
        phase: 'Running',
        podIP: '10.0.0.1',
        conditions: [{ type: 'Ready', status: 'True' }],
        initContainerStatuses: [
          {
            name: 'sei-sidecar',
            image: 'docker.io/sc:a',
            ready: true,
            restartCount: 2,
            state: running,
          },
        ],
        containerStatuses: [
          { name: 'seid', image: 'docker.io/seid:a', ready: true, restartCount: 0, state: running },
        ],
      }),
    );
    expect(view).toEqual({
      namespace: 'default',
      name: 'n0-0',
      uid: 'pod-1',
      resourceVersion: '7',
      node: 'n0',
      statefulSetUid: 'sts-1',
      revision: 'n0-abc',
      deletionTimestamp: undefined,
      deletionGraceSeconds: undefined,
      phase: 'Running',
      reason: undefined,
      ip: '10.0.0.1',
      machine: undefined,
      unschedulable: undefined,
      finalizers: [],
      ready: true,
      containers: [
        {
          name: 'seid-init',
          init: true,
          image: 'seid:a',
          ready: false,
          restartCount: 0,
          state: { kind: 'waiting', reason: '', message: '' },
          hasStarted: false,
        },
        {
          name: 'sei-sidecar',
          init: true,
          image: 'sc:a',
          ready: true,
          restartCount: 2,
          state: { kind: 'running' },
          hasStarted: true,
        },
        {
          name: 'seid',
          init: false,
          image: 'seid:a',
          ready: true,
          restartCount: 0,
          state: { kind: 'running' },
          hasStarted: true,
        },
      ],
    });
  });

  it('reads a pod that nobody has looked at yet', () => {
    expect(podView(pod())).toMatchObject({ phase: 'Pending', ready: false, ip: undefined });
    expect(podView({})).toMatchObject({ name: '', node: undefined, containers: [] });
  });

  it('writes a time as the API server does, be it a Date or a string', () => {
    const at = '2026-01-01T00:00:30Z';
    for (const deletionTimestamp of [at, new Date(at)]) {
      expect(podView(pod({}, { deletionTimestamp })).deletionTimestamp).toBe(at);
    }
  });

  it('knows a pod that no node takes, and since when', () => {
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    expect(podView(pod({ conditions: [condition] })).unschedulable).toEqual({
      message: '0/3 nodes are available',
      since: '2026-01-01T00:00:00Z',
    });
    for (const change of [{ status: 'True' }, { reason: 'SchedulingGated' }]) {
      const other = podView(pod({ conditions: [{ ...condition, ...change }] }));
      expect(other.unschedulable).toBeUndefined();
    }
  });

  it('says what became of the pod as a whole', () => {
    const evicted = { phase: 'Failed', reason: 'Evicted', message: 'low on memory' };
    expect(podView(pod(evicted)).reason).toBe('Evicted: low on memory');
    expect(podView(pod({ ...evicted, message: undefined })).reason).toBe('Evicted');
  });

  it('tells the states of a container apart', () => {
    expect(
      seidWith({ waiting: { reason: 'ErrImagePull', message: 'no such tag' } })?.state,
    ).toEqual({
      kind: 'waiting',
      reason: 'ErrImagePull',
      message: 'no such tag',
    });
    expect(seidWith({ terminated: { exitCode: 2, reason: 'Error' } })?.state).toEqual({
      kind: 'terminated',
      exitCode: 2,
      reason: 'Error',
      message: '',
    });
  });

  it.each([
    ['it runs', { running: {} }, {}, true],
    ['it has ended', { terminated: { exitCode: 1 } }, {}, true],
    ['it ended before', { waiting: {} }, { lastState: { terminated: { exitCode: 1 } } }, true],
    ['it ran before', { waiting: {} }, { lastState: { running: {} } }, true],
    ['it was restarted', { waiting: {} }, { restartCount: 1 }, true],
    ['it waits', { waiting: { reason: 'ContainerCreating' } }, { lastState: {} }, false],
    ['nothing is known', {}, {}, false],
  ])('knows whether a container has started when %s', (_, state, more, hasStarted) => {
    expect(seidWith(state, more)?.hasStarted).toBe(hasStarted);
  });
});

it('bounds and cleans what containers and kubelets say', () => {
  const message = `\u001B[2K${'x'.repeat(10_000)}`;
  const container = seidWith({ terminated: { exitCode: 1, reason: 'Error\u0007', message } });
  expect(container?.state).toMatchObject({ reason: 'Error' });
  const view = podView(pod({ reason: 'Evicted', message }));
  for (const text of [JSON.stringify(container), view.reason ?? '']) {
    expect(text.length).toBeLessThan(4_400);
    expect(text).not.toContain('\u001B');
    expect(text).toContain('[2Kx');
  }
});
