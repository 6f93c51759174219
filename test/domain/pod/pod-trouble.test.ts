import { describe, expect, it } from 'vitest';

import { isWithinGrace, podTrouble } from '../../../domain/pod/pod-trouble.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import { NOW, pod, waiting } from '../../support/sei-node.ts';

const nowMs = Date.parse(NOW);
const ago = (seconds: number) => new Date(nowMs - seconds * 1_000).toISOString();
const troubleOf = (view: PodView) => podTrouble(view, nowMs)?.reason;

describe('podTrouble', () => {
  it('is undefined for a pod that runs', () => {
    expect(podTrouble(pod(), nowMs)).toBeUndefined();
  });

  it.each([
    ['ErrImagePull', 'ImagePullBackOff'],
    ['ImagePullBackOff', 'ImagePullBackOff'],
    ['ErrImageNeverPull', 'ImagePullBackOff'],
    ['RegistryUnavailable', 'ImagePullBackOff'],
    ['InvalidImageName', 'InvalidImageName'],
    ['CreateContainerConfigError', 'CreateContainerConfigError'],
    ['CreateContainerError', 'CreateContainerConfigError'],
    ['ContainerCreating', undefined],
    ['PodInitializing', undefined],
    ['', undefined],
  ])("takes the kubelet's %s for %s, in any container", (reason, trouble) => {
    for (const name of ['seid-init', 'sei-sidecar', 'kube-rbac-proxy', 'seid']) {
      expect(troubleOf(pod({ containers: { [name]: waiting(reason) } }))).toBe(trouble);
    }
  });

  it.each([
    ['seid-init', 'CrashLoopBackOff'],
    ['sei-sidecar', 'CrashLoopBackOff'],
    // A chain that halts for an upgrade looks just like that.
    ['seid', undefined],
  ])('takes a crash loop of %s for %s', (name, trouble) => {
    const crashing = { ...waiting('CrashLoopBackOff'), hasStarted: true, restartCount: 3 };
    expect(troubleOf(pod({ containers: { [name]: crashing } }))).toBe(trouble);
  });

  it('names the pod, the container, the image and what the kubelet says', () => {
    const view = pod({
      image: 'sei:nope',
      containers: { 'seid-init': waiting('ErrImagePull', 'manifest unknown') },
    });
    expect(podTrouble(view, nowMs)?.message).toBe(
      'pod n0-0, container seid-init, image sei:nope: manifest unknown',
    );
    const silent = pod({ image: 'sei:nope', containers: { seid: waiting('InvalidImageName') } });
    expect(podTrouble(silent, nowMs)?.message).toBe('pod n0-0, container seid, image sei:nope');
  });

  it.each([
    ['that is to stay', undefined, false],
    ['whose grace ends in an hour', ago(-3_600), true],
    ['that a kubelet has just let go of', ago(2), true],
    ['whose grace is over', ago(4), false],
  ])('knows of a pod %s whether it may still take its time', (_, deletionTimestamp, expected) => {
    expect(isWithinGrace(pod({ deletionTimestamp }), nowMs)).toBe(expected);
  });

  it('names the finalizers that hold a pod whose grace is over', () => {
    const parts = { deletionTimestamp: ago(4), finalizers: ['example.com/a', 'example.com/b'] };
    expect(podTrouble(pod(parts), nowMs)?.message).toContain(
      'held by metadata.finalizers example.com/a, example.com/b',
    );
    expect(podTrouble(pod({ ...parts, finalizers: [] }), nowMs)?.message).not.toContain('held by');
  });

  it('names the first container that is in trouble', () => {
    const view = pod({
      containers: { 'seid-init': waiting('InvalidImageName'), seid: waiting('ErrImagePull') },
    });
    expect(troubleOf(view)).toBe('InvalidImageName');
  });

  it.each([
    [0, undefined],
    [119, undefined],
    [120, 'Unschedulable'],
    [3_600, 'Unschedulable'],
  ])('takes a pod that nothing takes for %i seconds for %s', (seconds, trouble) => {
    const unschedulable = { message: '0/3 nodes are available', since: ago(seconds) };
    const view = pod({ unschedulable, containers: { seid: waiting('') } });
    expect(troubleOf(view)).toBe(trouble);
  });

  it.each([
    [9, undefined],
    [10, 'PVCNotReady'],
    [3_600, 'PVCNotReady'],
  ])('takes a pod whose claim is missing for %i seconds for %s', (seconds, trouble) => {
    const message = '0/3 nodes are available: persistentvolumeclaim "data-n0" not found. not found';
    expect(troubleOf(pod({ unschedulable: { message, since: ago(seconds) } }))).toBe(trouble);
  });

  it.each([
    ['is still running', -10, undefined],
    ['is over right now', 0, undefined],
    ['ended a moment ago, as that of a stopped pod does', 3, undefined],
    ['has been over for longer', 4, 'PodTerminating'],
  ])('takes a deleted pod whose grace %s for %s', (_, seconds, trouble) => {
    // The API server sets the deletionTimestamp to the end of the grace.
    expect(troubleOf(pod({ deletionTimestamp: ago(seconds) }))).toBe(trouble);
  });

  it('says nothing of the containers of a pod that is leaving', () => {
    const view = pod({
      deletionTimestamp: ago(-10),
      containers: { seid: waiting('ErrImagePull') },
    });
    expect(troubleOf(view)).toBeUndefined();
  });
});
