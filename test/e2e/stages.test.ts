import type { V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SidecarAdmin } from '../../devcluster/sidecar/admin-client.ts';
import { eventually } from '../support/eventually.ts';
import { sharedDevcluster } from '../support/testbed/devcluster.ts';
import {
  podConditionOf,
  isReady,
  isRunning,
  stagedPods,
  statusOf,
  waitsFor,
} from './staged-pods.ts';
import type { StagedPods } from './staged-pods.ts';

const cluster = sharedDevcluster();
const namespace = `stages-${process.pid}`;
const sidecars = new SidecarAdmin(cluster.sidecarAdminUrl);
/** A hundred pods on a busy machine of two cores. */
const BURST_MS = 90_000;
const SEI = 'ghcr.io/sei-protocol/sei';
const SEICTL = 'ghcr.io/sei-protocol/seictl';

let pods: StagedPods;

beforeAll(async () => {
  await cluster.kubectl(['create', 'namespace', namespace]);
  pods = await stagedPods(cluster, namespace);
});

afterAll(async () => {
  await pods.close();
  await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

const kubectl = (...args: readonly string[]) => cluster.kubectl(['-n', namespace, ...args]);
const isStarted = (pod: V1Pod) => isRunning(pod, 'seid');

function markReady(pod: V1Pod, id?: string): Promise<number> {
  const body = JSON.stringify({ type: 'mark-ready', ...(id !== undefined && { id }) });
  return answerOf(pod, 'tasks', { method: 'POST', body });
}

function healthz(pod: V1Pod): Promise<number> {
  return answerOf(pod, 'healthz');
}

/** Returns the status, once there is one: sidecars follow their pods by a watch of their own. */
async function answerOf(pod: V1Pod, path: string, init?: RequestInit): Promise<number> {
  let status = 0;
  await eventually(`the sidecar of ${pod.metadata?.name} answers`, async () => {
    ({ status } = await fetch(urlOf(pod, path), init));
    return true;
  });
  return status;
}

function urlOf(pod: V1Pod, path: string): string {
  return `http://${pod.status?.podIP}:${cluster.sidecarPort}/v0/${path}`;
}

describe('a pod of a SeiNode', () => {
  it('starts all containers, and is not ready before its sidecar is', async () => {
    const pod = await pods.start('plain', { image: `${SEI}:v1` }, isStarted);
    expect(pod.status).toMatchObject({
      phase: 'Running',
      podIP: expect.stringMatching(/^127\./) as string,
      initContainerStatuses: [
        {
          name: 'seid-init',
          image: `${SEI}:v1`,
          ready: true,
          started: false,
          restartCount: 0,
          lastState: {},
          state: { terminated: { exitCode: 0, reason: 'Completed' } },
        },
        { name: 'sei-sidecar', ready: true, started: true, state: { running: {} } },
        { name: 'kube-rbac-proxy', ready: false, started: true, state: { running: {} } },
      ],
      containerStatuses: [
        { name: 'cosmos-exporter', ready: true, started: true, state: { running: {} } },
        { name: 'seid', ready: false, started: false, state: { running: {} } },
      ],
    });
    expect(podConditionOf(pod, 'Initialized')?.status).toBe('True');
    expect(podConditionOf(pod, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [kube-rbac-proxy seid]',
    });
    // The pod goes from scheduled to started in one write: tests measure latency here.
    const scheduled = pods.momentsOf('plain-0').filter(({ spec }) => spec?.nodeName !== undefined);
    expect(scheduled.map(isStarted)).toEqual([false, true]);
  });

  it('is ready once it was marked so, and not any more when its sidecar restarts', async () => {
    const node = { namespace, name: 'gate' };
    const started = await pods.start('gate', { image: `${SEI}:v1` }, isStarted);
    expect(await healthz(started)).toBe(503);
    expect(await markReady(started)).toBe(201);
    expect(await healthz(started)).toBe(200);
    const ready = await pods.pod('gate-0', 'is ready', isReady);
    expect(statusOf(ready, 'seid')).toMatchObject({ ready: true, started: true });

    await sidecars.restart(node);
    const closed = await pods.pod('gate-0', 'is not ready', (pod) => !isReady(pod));
    expect(statusOf(closed, 'sei-sidecar')?.restartCount).toBe(1);
    expect(statusOf(closed, 'seid')?.ready).toBe(true);
    await markReady(closed);
    await pods.pod('gate-0', 'is ready again', isReady);
  });

  it('comes back not ready when it is replaced, with the tasks of its volume', async () => {
    const id = '5e4f4d0e-7a53-4c4b-9a33-0d4cbd0f8f11';
    const before = await pods.start('replaced', { image: `${SEI}:v1` }, isStarted);
    await markReady(before, id);
    await pods.pod('replaced-0', 'is ready', isReady);
    await kubectl('delete', 'pod', 'replaced-0');
    const after = await pods.pod(
      'replaced-0',
      'is another one',
      (pod) => isStarted(pod) && pod.metadata?.uid !== before.metadata?.uid,
    );
    expect(await markReady(after, id)).toBe(201);
    expect(await healthz(after)).toBe(503);
    expect(await markReady(after)).toBe(201);
    expect(await healthz(after)).toBe(200);
  });
});

// Most of the time goes by in back-offs.
describe.concurrent('the fate of an image', () => {
  it.each([
    ['cannot-pull', `${SEI}:cannot-pull`, 'ErrImagePull'],
    ['invalid-name', 'INVALID/Image:v1', 'InvalidImageName'],
    ['config-error', `${SEI}:config-error-2`, 'CreateContainerConfigError'],
  ])('%s: shows on seid-init, and nothing behind it starts', async (node, image, reason) => {
    const pod = await pods.start(
      node,
      { image },
      (candidate) => waitsFor(candidate, 'seid-init') === reason,
    );
    expect(pod.status?.phase).toBe('Pending');
    for (const container of ['sei-sidecar', 'kube-rbac-proxy', 'seid', 'cosmos-exporter']) {
      expect(waitsFor(pod, container)).toBe('PodInitializing');
    }
    expect(podConditionOf(pod, 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [seid-init sei-sidecar kube-rbac-proxy]',
    });
  });

  it('cannot-pull: goes back and forth between the error and the back-off', async () => {
    await pods.start('pull', { image: `${SEI}:cannot-pull` }, (pod) => pod.status !== undefined);
    const reasons = () =>
      pods
        .momentsOf('pull-0')
        .map((pod) => waitsFor(pod, 'seid-init'))
        .filter((reason, index, all) => reason !== undefined && reason !== all[index - 1]);
    await eventually('the pull is tried again', () => reasons().length >= 3);
    expect(reasons().slice(0, 3)).toEqual(['ErrImagePull', 'ImagePullBackOff', 'ErrImagePull']);
  });

  it('cannot-pull, of the sidecar: seid-init completes, seid does not start', async () => {
    const pod = await pods.start(
      'sidecar-pull',
      { image: `${SEI}:v1`, sidecarImage: `${SEICTL}:cannot-pull` },
      (candidate) => waitsFor(candidate, 'sei-sidecar') === 'ErrImagePull',
    );
    expect(statusOf(pod, 'seid-init')?.state?.terminated?.exitCode).toBe(0);
    expect(waitsFor(pod, 'seid')).toBe('PodInitializing');
    await expect(fetch(urlOf(pod, 'healthz'))).rejects.toThrow('fetch failed');
  });

  it.each([
    ['crash-loop', `${SEI}:crash-loop`, `${SEICTL}:v1`, 'seid', 'Running'],
    ['init-crash-loop', `${SEI}:init-crash-loop`, `${SEICTL}:v1`, 'seid-init', 'Pending'],
    ['sidecar-crash-loop', `${SEI}:v1`, `${SEICTL}:crash-loop`, 'sei-sidecar', 'Running'],
  ])('%s: is restarted again and again', async (node, image, sidecarImage, container, phase) => {
    const isBackingOff = (restarts: number) => (pod: V1Pod) =>
      waitsFor(pod, container) === 'CrashLoopBackOff' &&
      (statusOf(pod, container)?.restartCount ?? 0) >= restarts;
    const pod = await pods.start(node, { image, sidecarImage }, isBackingOff(1));
    expect(pod.status?.phase).toBe(phase);
    expect(statusOf(pod, container)).toMatchObject({
      ready: false,
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    await pods.pod(`${node}-0`, 'is backing off again', isBackingOff(2));
  });

  it('slow-start: stays in PodInitializing for as long as it says', async () => {
    const image = `${SEI}:slow-start-2s`;
    const pod = await pods.start('slow', { image }, (candidate) =>
      isRunning(candidate, 'seid-init'),
    );
    expect(waitsFor(pod, 'seid')).toBe('PodInitializing');
    const started = await pods.pod('slow-0', 'has started', isStarted);
    expect(started.status?.podIP).toBe(pod.status?.podIP);
    expect(podConditionOf(started, 'Initialized')?.status).toBe('True');
  });

  it('never-ready: seid starts and does not become ready with its sidecar', async () => {
    const pod = await pods.start('halted', { image: `${SEI}:never-ready` }, isStarted);
    await markReady(pod);
    const marked = await pods.pod(
      'halted-0',
      'has started seid',
      (candidate) => statusOf(candidate, 'seid')?.started === true,
    );
    expect(statusOf(marked, 'kube-rbac-proxy')?.ready).toBe(true);
    expect(podConditionOf(marked, 'Ready')?.message).toBe('containers with unready status: [seid]');
  });

  it('unschedulable: the scheduler refuses it, until the image is another one', async () => {
    const pod = await pods.start(
      'unschedulable',
      { image: `${SEI}:unschedulable` },
      (candidate) => podConditionOf(candidate, 'PodScheduled')?.status === 'False',
    );
    expect(pod.status?.phase).toBe('Pending');
    expect(podConditionOf(pod, 'PodScheduled')).toMatchObject({ reason: 'Unschedulable' });
    const containers = ['initContainers', 'containers'].map((list) => [
      list,
      [{ name: list === 'containers' ? 'seid' : 'seid-init', image: `${SEI}:v1` }],
    ]);
    const template = { spec: Object.fromEntries(containers) as object };
    await kubectl(
      'patch',
      'statefulset',
      'unschedulable',
      '-p',
      JSON.stringify({ spec: { template } }),
    );
    await kubectl('delete', 'pod', 'unschedulable-0');
    await pods.pod('unschedulable-0', 'has started', isStarted);
  });

  it('slow-terminate: stays Terminating until it is let go', async () => {
    const pod = await pods.start('stuck', { image: `${SEI}:slow-terminate` }, isStarted);
    await kubectl('delete', 'pod', 'stuck-0', '--wait=false');
    const going = await pods.pod(
      'stuck-0',
      'is Terminating',
      ({ metadata }) => metadata?.deletionTimestamp !== undefined,
    );
    expect(going.metadata?.uid).toBe(pod.metadata?.uid);
    // Whatever happens to the pod in the meantime is no reason to go.
    await kubectl('annotate', 'pod', 'stuck-0', 'touched=yes');
    const touched = await pods.pod('stuck-0', 'is touched', ({ metadata }) => {
      return metadata?.annotations?.['touched'] === 'yes';
    });
    expect(touched.metadata?.uid).toBe(pod.metadata?.uid);
    await kubectl('annotate', 'pod', 'stuck-0', 'devcluster.sei.io/healed=true');
    await pods.pod('stuck-0', 'is replaced', ({ metadata }) => metadata?.uid !== pod.metadata?.uid);
  });

  it.each([
    ['pull', `${SEI}:cannot-pull`, 'seid-init', 'ImagePullBackOff'],
    ['name', 'INVALID/Image:v1', 'seid-init', 'InvalidImageName'],
    ['config', `${SEI}:config-error`, 'seid-init', 'CreateContainerConfigError'],
    ['crash', `${SEI}:crash-loop`, 'seid', 'CrashLoopBackOff'],
    ['init-crash', `${SEI}:init-crash-loop`, 'seid-init', 'CrashLoopBackOff'],
    ['slow', `${SEI}:slow-start-24h`, 'seid', 'PodInitializing'],
  ])('%s: is over for a pod that is healed', async (fate, image, container, reason) => {
    const node = `healed-${fate}`;
    await pods.start(node, { image }, (pod) => waitsFor(pod, container) === reason);
    await kubectl('annotate', 'pod', `${node}-0`, 'devcluster.sei.io/healed=true');
    const pod = await pods.pod(`${node}-0`, 'has started', isStarted);
    expect(await markReady(pod)).toBe(201);
    await pods.pod(`${node}-0`, 'is ready', isReady);
  });
});

describe('any other pod', () => {
  it('is ready at once, and is gone at once', async () => {
    await kubectl('create', 'deployment', 'other', '--image=busybox', '--replicas=2');
    await kubectl('wait', '--for=condition=Available', 'deployment/other', '--timeout=90s');
    await kubectl('delete', 'deployment', 'other');
    await kubectl('wait', '--for=delete', 'pod', '-l', 'app=other', '--timeout=90s');
    expect(await kubectl('get', 'pods', '-l', 'app=other', '-o', 'name')).toBe('');
  });

  it('completes when it is that of a Job', async () => {
    await kubectl('create', 'job', 'work', '--image=busybox');
    await expect(
      kubectl('wait', '--for=condition=Complete', 'job/work', '--timeout=90s'),
    ).resolves.toContain('condition met');
  });

  it('is replaced exactly once when many are deleted together', async () => {
    const manifest = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'many' },
      spec: {
        replicas: 100,
        serviceName: 'many',
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: { app: 'many' } },
        template: {
          metadata: { labels: { app: 'many' } },
          spec: { containers: [{ name: 'c', image: 'busybox' }] },
        },
      },
    };
    await cluster.kubectl(['-n', namespace, 'create', '-f', '-'], {
      input: JSON.stringify(manifest),
    });
    const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
    const uidsOf = (name: string) => {
      const ready = pods.momentsOf(name).filter(isReady);
      return new Set(ready.map(({ metadata }) => metadata?.uid)).size;
    };
    const allHad = (count: number) => () => names.every((name) => uidsOf(name) >= count);
    await eventually('all are ready', allHad(1), BURST_MS);
    const collection = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dmany`;
    await cluster.kubectl(['delete', '--raw', collection]);
    await eventually('all are ready again', allHad(2), BURST_MS);
    await kubectl('rollout', 'status', 'statefulset/many', '--timeout=90s');
    expect(names.map(uidsOf)).toEqual(names.map(() => 2));
  });
});

describe('a claim', () => {
  it('gets a volume, which goes with it', async () => {
    await pods.start('volume', { image: `${SEI}:v1` }, isStarted);
    const path = 'jsonpath={.status.phase} {.spec.volumeName}';
    const [phase, volume = ''] = (await kubectl('get', 'pvc', 'data-volume', '-o', path)).split(
      ' ',
    );
    expect(phase).toBe('Bound');
    await kubectl('delete', 'statefulset', 'volume');
    await kubectl('delete', 'pvc', 'data-volume', '--timeout=90s');
    await kubectl('wait', '--for=delete', `pv/${volume}`, '--timeout=90s');
  });
});
