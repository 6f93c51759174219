import { describe, expect, it } from 'vitest';

import type { PodView } from '../../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../../domain/pod/stateful-set-view.ts';
import { sameWork } from '../../../temporal/runs/node-runs.ts';
import { forgedPod, pod, seiNode, statefulSet } from '../../support/sei-node.ts';

describe('sameWork', () => {
  const of = (pods: readonly PodView[], found: StatefulSetView = statefulSet()) =>
    sameWork('nodeSync', 'drift', { node: seiNode(), pods, statefulSet: found });

  it.each<[string, string]>([
    ['its sidecar was killed', of([pod({ containers: { 'sei-sidecar': { restartCount: 1 } } })])],
    ['seid has crashed', of([pod({ containers: { seid: { restartCount: 1 } } })])],
    ['the pod was evicted', of([pod({ uid: 'another' })])],
    ['the pod is gone', of([])],
    ['the StatefulSet is another', of([pod()], statefulSet({ uid: 'another' }))],
  ])('is other work once %s', (_, work) => {
    expect(work).not.toBe(of([pod()]));
  });

  it.each<[string, string]>([
    ['nothing has happened', of([pod({ resourceVersion: '77', ready: false })])],
    ['another pod carries its label', of([forgedPod(), pod()])],
    ['somebody changed the StatefulSet', of([pod()], statefulSet({ generation: 77 }))],
  ])('is the same work if %s', (_, work) => {
    expect(work).toBe(of([pod()]));
  });

  it('is the same work if the work itself replaces the pod', () => {
    const rolled = [pod(), pod({ uid: 'another' })].map((view) =>
      sameWork('nodeUpdate', 'to sei:v2', {
        node: seiNode(),
        pods: [view],
        statefulSet: statefulSet(),
      }),
    );
    expect(rolled[0]).toBe(rolled[1]);
  });
});
