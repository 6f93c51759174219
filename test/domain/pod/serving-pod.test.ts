import { describe, expect, it } from 'vitest';

import { servingPod } from '../../../domain/pod/serving-pod.ts';
import type { PodParts, SeiNodeParts } from '../../support/sei-node.ts';
import { forgedPod, NOW, pod, runningNode, waiting } from '../../support/sei-node.ts';

describe('servingPod', () => {
  it.each<[string, PodParts]>([
    ['that runs', {}],
    ['of an older template', { revision: 'n0-older' }],
    ['that is not ready', { ready: false }],
    [
      'whose seid has crashed after its start',
      { containers: { seid: { ...waiting('CrashLoopBackOff'), hasStarted: true } } },
    ],
  ])('is the pod %s', (_, parts) => {
    const serving = pod(parts);
    expect(
      servingPod(runningNode(), [pod({ statefulSetUid: 'another' }), forgedPod(), serving]),
    ).toBe(serving);
  });

  it.each<[string, PodParts]>([
    ['that is being deleted', { deletionTimestamp: NOW }],
    ['of another StatefulSet', { statefulSetUid: 'another' }],
    ['of another name', { name: 'n0-1' }],
    ['of no StatefulSet', { statefulSetUid: undefined }],
    ['whose seid has not started', { containers: { seid: waiting('PodInitializing') } }],
  ])('is no pod %s', (_, parts) => {
    expect(servingPod(runningNode(), [pod(parts)])).toBeUndefined();
  });

  it.each<[string, SeiNodeParts]>([
    ['is paused', { spec: { paused: true } }],
    ['is coming up', { status: { phase: 'Initializing' } }],
    ['has failed', { status: { phase: 'Failed' } }],
    ['is going', { status: { phase: 'Terminating' } }],
  ])('is none for a node that %s', (_, parts) => {
    expect(servingPod(runningNode(parts), [pod()])).toBeUndefined();
  });

  it('is none while no StatefulSet is tracked, not even a pod without one', () => {
    const { statefulSet: _none, ...status } = runningNode().status ?? {};
    const orphan = pod({ statefulSetUid: undefined });
    expect(servingPod({ ...runningNode(), status }, [orphan])).toBeUndefined();
  });
});
