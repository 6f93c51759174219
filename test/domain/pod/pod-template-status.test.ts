import { describe, expect, it } from 'vitest';

import type { ConditionStatus } from '../../../domain/node/condition.ts';
import { podTemplateStatus } from '../../../domain/pod/pod-template-status.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../../domain/pod/stateful-set-view.ts';
import { combinations } from '../../support/combinations.ts';
import { EARLIER, NOW, pod, runningNode, statefulSet, V1, V2 } from '../../support/sei-node.ts';

const older = pod({ image: V1, revision: 'n0-older' });

function nodeThatSays(status: ConditionStatus | undefined) {
  const condition = { type: 'PodCurrent', reason: 'R', message: '', lastTransitionTime: EARLIER };
  return runningNode({
    status: status === undefined ? {} : { conditions: [{ ...condition, status }] },
  });
}

describe('podTemplateStatus', () => {
  it.each(
    combinations({ recorded: [undefined, 'True', 'False', 'Unknown'], isCurrent: [true, false] }),
  )('differs from status $recorded exactly where the pod is otherwise: $isCurrent', (row) => {
    const { recorded, isCurrent } = row;
    const found = podTemplateStatus(nodeThatSays(recorded), statefulSet(), [
      isCurrent ? pod() : older,
    ]);
    // A node whose pod was never behind needs no condition that says so.
    const isKnown = (recorded ?? 'True') === (isCurrent ? 'True' : 'False');
    expect(found).toMatchObject(
      isKnown
        ? { kind: 'recorded' }
        : { kind: 'unrecorded', condition: { status: isCurrent ? 'True' : 'False' } },
    );
  });

  it('names the pod, what it runs and what it does not run yet', () => {
    expect(podTemplateStatus(runningNode(), statefulSet(), [older])).toEqual({
      kind: 'unrecorded',
      condition: {
        type: 'PodCurrent',
        status: 'False',
        reason: 'TemplateChanged',
        message:
          'pod n0-0 runs revision n0-older; the newest template, n0-sei-v1, takes effect when the pod is replaced',
      },
    });
  });

  it.each<[string, StatefulSetView | undefined, readonly PodView[]]>([
    ['there is no StatefulSet', undefined, [older]],
    ['there is no pod', statefulSet(), []],
    ['only a pod of another name is there', statefulSet(), [{ ...older, name: 'n0-1' }]],
    ['the pod is being deleted', statefulSet(), [{ ...older, deletionTimestamp: NOW }]],
    ['the pod has no revision', statefulSet(), [pod({ revision: undefined })]],
    ['the controller has named no revision', statefulSet({ updateRevision: undefined }), [older]],
    ['the controller is behind the spec', statefulSet({ generation: 2 }), [older]],
  ])('is unknown where %s', (_, set, pods) => {
    expect(podTemplateStatus(runningNode(), set, pods)).toEqual({ kind: 'unknown' });
  });

  it('looks past a pod that is being deleted to the one that replaces it', () => {
    const leaving = { ...older, deletionTimestamp: NOW };
    const set = statefulSet({ updateRevision: 'n0-sei-v2' });
    expect(podTemplateStatus(runningNode(), set, [leaving, pod({ image: V2 })])).toEqual({
      kind: 'recorded',
    });
  });
});
