import { describe, expect, it } from 'vitest';

import { SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import { isLetThrough, startedPod } from '../../../domain/sidecar/let-through.ts';
import { EARLIER, forgedPod, pod, statefulSet } from '../../support/sei-node.ts';

const waiting = { state: { kind: 'waiting', reason: '', message: '' }, hasStarted: false } as const;

describe('the pod that may serve already', () => {
  it('is the started one of the StatefulSet of the name', () => {
    const others = [pod({ statefulSetUid: 'other' }), forgedPod()];
    expect(startedPod([...others, pod()], statefulSet())).toEqual(pod());
  });

  it.each([
    ['without a StatefulSet', [pod()], undefined],
    ['that is being deleted', [pod({ deletionTimestamp: EARLIER })], statefulSet()],
    ['whose seid waits', [pod({ containers: { [SEID_CONTAINER]: waiting } })], statefulSet()],
    ['of another name', [forgedPod()], statefulSet()],
  ])('is none %s', (_, pods, set) => {
    expect(startedPod(pods, set)).toBeUndefined();
  });
});

describe('a seid', () => {
  const started = (passedStartup?: boolean) =>
    pod({ containers: { [SEID_CONTAINER]: passedStartup === undefined ? {} : { passedStartup } } });

  it('has been let through when its sidecar says so', () => {
    expect(isLetThrough(started(), 'ready')).toBe(true);
  });

  it('has been let through once its startup probe passed, though its sidecar has restarted', () => {
    expect(isLetThrough(started(true), 'not-ready')).toBe(true);
    expect(isLetThrough(started(true), 'unreachable')).toBe(true);
  });

  it('waits where neither says so', () => {
    expect(isLetThrough(started(), 'not-ready')).toBe(false);
    expect(isLetThrough(started(false), 'unreachable')).toBe(false);
  });
});
