import { describe, expect, it } from 'vitest';

import { dueWork, nodeAlone } from '../../domain/due-work.ts';
import type { PodView } from '../../domain/pod-view.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import { fingerprint } from '../../starter/fingerprint.ts';
import type { SeiNodeParts } from '../support/sei-node.ts';
import { DEFAULT_SIDECAR, LATER, NOW, plan, pod, runningNode, V2 } from '../support/sei-node.ts';

const policy = { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR };

function of(node: SeiNode, pods: readonly PodView[] = [pod()]): string {
  const observation = nodeAlone(node, pods);
  return fingerprint(observation, dueWork(observation, policy));
}

const before = of(runningNode());

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
    expect(of(runningNode(parts))).not.toBe(before);
  });

  it.each<[string, readonly PodView[]]>([
    ['is gone', []],
    ['is of another image', [pod({ image: V2 })]],
    ['is of another sidecar image', [pod({ sidecarImage: 'seictl:v2' })]],
    ['is of another StatefulSet', [pod({ statefulSetUid: 'another' })]],
    ['has lost its sidecar', [pod({ containers: { 'kube-rbac-proxy': { ready: false } } })]],
    ['has company', [pod(), pod({ uid: 'second' })]],
  ])('changes when the pod %s', (_, pods) => {
    expect(of(runningNode(), pods)).not.toBe(before);
  });

  it.each<[string, SeiNodeParts]>([
    ['a resourceVersion', { metadata: { resourceVersion: '77' } }],
    ['a label', { metadata: { labels: { team: 'a' } } }],
    ['an annotation that nobody reads', { metadata: { annotations: { note: 'x' } } }],
    [
      'the progress that the run itself records',
      { status: { plan: plan(), observedGeneration: 9 } },
    ],
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
    expect(of(runningNode(parts))).toBe(before);
  });

  it.each<[string, PodView]>([
    ['a resourceVersion', pod({ resourceVersion: '77' })],
    ['its readiness as a whole', pod({ ready: false })],
    ['a restart of seid', pod({ containers: { seid: { restartCount: 4 } } })],
    ['its address', pod({ ip: '10.0.0.9' })],
  ])('does not change with %s of the pod', (_, view) => {
    expect(of(runningNode(), [view])).toBe(before);
  });

  it('does not depend on the order in which pods are listed', () => {
    const pods = [pod(), pod({ image: V2 }), pod({ statefulSetUid: undefined })];
    expect(of(runningNode(), pods)).toBe(of(runningNode(), pods.toReversed()));
  });
});
