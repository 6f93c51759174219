import { describe, expect, it } from 'vitest';

import type { UpdatePolicy } from '../../../domain/node/sei-node.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import {
  lateStall,
  podStage,
  progressPolicy,
  rankOf,
} from '../../../domain/work/progress-deadline.ts';
import { runningNode } from '../../support/sei-node.ts';

describe('progressPolicy', () => {
  it.each<[UpdatePolicy | undefined, number, boolean]>([
    [undefined, 600, false],
    [{}, 600, false],
    [{ progressDeadlineSeconds: 60 }, 60, false],
    [{ autoRollback: true }, 600, true],
  ])('of %o is what the API documents', (updatePolicy, deadlineSeconds, autoRollback) => {
    const node = runningNode({ spec: updatePolicy === undefined ? {} : { updatePolicy } });
    expect(progressPolicy(node)).toEqual({ deadlineSeconds, autoRollback });
  });
});

describe('podStage', () => {
  const statefulSet = {
    namespace: 'default',
    name: 'n0',
    uid: 'sts',
    updateRevision: 'new',
  } as never;
  const pod = (fields: Partial<PodView>, started = 0) =>
    ({
      namespace: 'default',
      name: 'n0-0',
      statefulSetUid: 'sts',
      revision: 'new',
      containers: [0, 1, 2].map((nth) => ({ hasStarted: nth < started })),
      ...fields,
    }) as unknown as PodView;

  it('grows as the pod of the newest template comes up', () => {
    const unschedulable = { message: 'no room', since: '' };
    const stages = [[], [pod({ unschedulable })], [pod({})], [pod({}, 1)], [pod({}, 3)]].map(
      (pods) => podStage(statefulSet, pods),
    );
    expect(stages).toEqual([0, 1, 2, 3, 5]);
  });

  it.each([
    ['of an older template', { revision: 'old' }],
    ['that is being deleted', { deletionTimestamp: 'now' }],
    ['of another StatefulSet', { statefulSetUid: 'other' }],
    ['of another name', { name: 'n0-1' }],
  ])('does not count a pod %s', (_, fields) => {
    expect(podStage(statefulSet, [pod(fields, 3)])).toBe(0);
  });
});

describe('rankOf', () => {
  it('puts a step above all that a pod gets through before it', () => {
    expect(rankOf(1, 0)).toBeGreaterThan(rankOf(0, 1_000));
    expect(rankOf(1, 3)).toBeGreaterThan(rankOf(1, 2));
  });
});

describe('lateStall', () => {
  const target = { image: 'sei:v2', sidecarImage: 'seictl:v1', replicas: 1 } as const;
  const policy = { deadlineSeconds: 60, autoRollback: true };

  it('names what makes no progress, and the field', () => {
    expect(lateStall(target, policy, undefined)).toEqual({
      reason: 'ProgressDeadlineExceeded',
      message:
        'no progress towards sei:v2 with sidecar seictl:v1 for 60 s (spec.updatePolicy.progressDeadlineSeconds)',
    });
  });

  it('says why nothing is rolled back', () => {
    expect(lateStall(target, policy, 'no image ran before').message).toContain(
      'autoRollback does nothing: no image ran before',
    );
  });
});
