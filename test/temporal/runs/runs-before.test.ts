import { beforeEach, describe, expect, it } from 'vitest';

import type { PodView } from '../../../domain/pod-view.ts';
import type { StatefulSetView } from '../../../domain/stateful-set-view.ts';
import { RunsBefore, sameWork } from '../../../temporal/runs/runs-before.ts';
import { forgedPod, pod, seiNode, statefulSet } from '../../support/sei-node.ts';

const MINUTE_MS = 60_000;

let nowMs = 0;
let runs: RunsBefore;

beforeEach(() => {
  nowMs = 0;
  runs = new RunsBefore(() => nowMs);
});

describe('RunsBefore', () => {
  it('counts the runs that were started for the same work, and not the signals to them', () => {
    const node = seiNode();
    const counted = ['one', 'one', 'two', 'two', 'three'].map((runId) => {
      const before = runs.of(node, 'nodeSync drift');
      runs.add(node, 'nodeSync drift', runId);
      return before;
    });
    expect(counted).toEqual([0, 1, 1, 2, 2]);
  });

  it('counts each work for itself', () => {
    runs.add(seiNode(), 'nodeSync drift', 'one');
    expect(runs.of(seiNode(), 'nodeSync sidecar')).toBe(0);
  });

  it('begins anew with another spec, and with another node of the name', () => {
    runs.add(seiNode(), 'nodeSync', 'one');
    expect(runs.of(seiNode({ metadata: { generation: 2 } }), 'nodeSync')).toBe(0);
    runs.add(seiNode(), 'nodeSync', 'one');
    expect(runs.of(seiNode({ metadata: { uid: 'another' } }), 'nodeSync')).toBe(0);
  });

  it('forgets what lies further back than the longest pause and a resync', () => {
    runs.add(seiNode(), 'nodeSync', 'one');
    nowMs = 11 * MINUTE_MS;
    expect(runs.of(seiNode(), 'nodeSync')).toBe(1);
    nowMs = 21 * MINUTE_MS;
    expect(runs.of(seiNode(), 'nodeSync')).toBe(0);
  });

  it('remembers no more than a few kinds of work', () => {
    for (let nth = 0; nth < 50; nth += 1) runs.add(seiNode(), `nodeSync ${nth}`, 'one');
    expect(runs.of(seiNode(), 'nodeSync 0')).toBe(0);
    expect(runs.of(seiNode(), 'nodeSync 49')).toBe(1);
  });
});

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
  ])('is the same work where %s', (_, work) => {
    expect(work).toBe(of([pod()]));
  });

  it('is the same work where the work itself replaces the pod', () => {
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
