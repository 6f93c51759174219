import { describe, expect, it } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { targetFor } from '../../domain/node/target.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import type { DueWork } from '../../domain/work/due-work.ts';
import { dueWork, observationOf } from '../../domain/work/due-work.ts';
import type { Fingerprint } from '../../starter/fingerprint.ts';
import { fingerprint, isSame } from '../../starter/fingerprint.ts';
import type { SeiNodeParts } from '../support/sei-node.ts';
import {
  DEFAULT_SIDECAR,
  forgedPod,
  LATER,
  NOW,
  plan,
  pod,
  runningNode,
  statefulSet,
  V2,
} from '../support/sei-node.ts';

const policy = { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR };

function of(node: SeiNode, pods: readonly PodView[] = [pod()]): Fingerprint {
  const observation = observationOf(node, pods);
  return fingerprint(observation, dueWork(observation, policy));
}

function ofDue(due: DueWork, pods: readonly PodView[]): Fingerprint {
  return fingerprint(observationOf(runningNode(), pods), due);
}

const before = of(runningNode());
const sync: DueWork = { kind: 'nodeSync', needs: [{ kind: 'unpause' }] };

describe('fingerprint', () => {
  it.each<[string, SeiNodeParts]>([
    ['the generation', { metadata: { generation: 2 } }],
    ['the UID', { metadata: { uid: 'another' } }],
    ['the beginning of a deletion', { metadata: { deletionTimestamp: NOW } }],
    [
      'an annotation that is read',
      { metadata: { annotations: { 'sei.io/dedicated-node': 'true' } } },
    ],
    ['a hold', { status: { hold: { reason: 'r', actor: 'a', since: NOW } } }],
    ['what is due', { status: { currentImage: V2 } }],
  ])('changes with %s of the node', (_, parts) => {
    expect(isSame(of(runningNode(parts)), before)).toBe(false);
  });

  describe.each<[string, readonly PodView[]]>([
    ['is gone', []],
    ['is of another image', [pod({ image: V2 })]],
    ['is of another sidecar image', [pod({ sidecarImage: 'seictl:v2' })]],
    ['is of another StatefulSet', [pod({ statefulSetUid: 'another' })]],
    ['has lost its sidecar', [pod({ containers: { 'kube-rbac-proxy': { ready: false } } })]],
    ['has company', [pod(), pod({ uid: 'second' })]],
    ['has company of another name', [pod(), forgedPod()]],
    ['is another one', [pod({ uid: 'second' })]],
  ])('when the pod %s', (_, pods) => {
    it('changes while the node is synchronised', () => {
      expect(isSame(ofDue(sync, pods), ofDue(sync, [pod()]))).toBe(false);
    });

    it.each<[DueWork]>([
      [{ kind: 'nodeInit', why: '' }],
      [{ kind: 'nodeUpdate', target: targetFor(runningNode(), DEFAULT_SIDECAR), drifts: [] }],
      [{ kind: 'nothing', why: '' }],
      [{ kind: 'held', hold: { reason: 'r', actor: 'a', since: NOW } }],
      [{ kind: 'failed', why: '' }],
    ])('does not change while $kind is due', (due) => {
      expect(isSame(ofDue(due, pods), ofDue(due, [pod()]))).toBe(true);
    });
  });

  it('changes when the node is synchronised for another reason', () => {
    const other: DueWork = { kind: 'nodeSync', needs: [{ kind: 'mark-ready' }] };
    expect(isSame(ofDue(other, [pod()]), ofDue(sync, [pod()]))).toBe(false);
  });

  it('changes when a pod calls for work', () => {
    expect(isSame(of(runningNode(), [pod({ image: V2 })]), before)).toBe(false);
  });

  it.each<[string, SeiNodeParts]>([
    ['a resourceVersion', { metadata: { resourceVersion: '77' } }],
    ['a label', { metadata: { labels: { team: 'a' } } }],
    ['an annotation that nobody reads', { metadata: { annotations: { note: 'x' } } }],
    ['the progress that the run itself records', { status: { plan: plan(), history: [] } }],
    [
      'a condition that the run itself writes',
      {
        status: {
          conditions: [
            {
              type: 'Ready',
              status: 'True',
              reason: 'Running',
              message: '',
              lastTransitionTime: LATER,
            },
          ],
        },
      },
    ],
  ])('does not change with %s', (_, parts) => {
    expect(isSame(of(runningNode(parts)), before)).toBe(true);
  });

  it.each<[string, PodView]>([
    ['a resourceVersion', pod({ resourceVersion: '77' })],
    ['its readiness as a whole', pod({ ready: false })],
    ['a restart of seid', pod({ containers: { seid: { restartCount: 4 } } })],
    ['its address', pod({ ip: '10.0.0.9' })],
  ])('does not change with %s of the pod', (_, view) => {
    expect(isSame(ofDue(sync, [view]), ofDue(sync, [pod()]))).toBe(true);
  });

  it('does not change with a pod of another name', () => {
    const restarted = forgedPod({ containers: { 'kube-rbac-proxy': { ready: false } } });
    expect(isSame(ofDue(sync, [pod(), restarted]), ofDue(sync, [pod(), forgedPod()]))).toBe(true);
  });

  it.each([
    ['another', { uid: 'another' }],
    ['scaled', { replicas: 2 }],
  ])('changes when the StatefulSet is %s, in the middle of a roll too', (_, change) => {
    const due: DueWork = { kind: 'nodeInit', why: '' };
    const [one, other] = [statefulSet(), statefulSet(change)].map((found) =>
      fingerprint({ ...observationOf(runningNode()), statefulSet: found }, due),
    );
    expect(one && isSame(one, other)).toBe(false);
  });

  it('changes when the StatefulSet is lost once more, though nobody saw it meanwhile', () => {
    const lost = (uid: string): Fingerprint => {
      const node = runningNode({ status: { statefulSet: { name: 'n0', uid } } });
      return fingerprint(observationOf(node), sync);
    };
    expect(isSame(lost('first'), lost('second'))).toBe(false);
  });

  it('does not depend on the order in which pods are listed', () => {
    const pods = [pod(), pod({ image: V2 }), pod({ statefulSetUid: undefined })];
    expect(isSame(ofDue(sync, pods), ofDue(sync, pods.toReversed()))).toBe(true);
  });
});
