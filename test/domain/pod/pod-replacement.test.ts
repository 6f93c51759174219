import { describe, expect, it } from 'vitest';

import { podReplacement } from '../../../domain/pod/pod-replacement.ts';
import type { StatefulSetView } from '../../../domain/pod/stateful-set-view.ts';
import { combinations } from '../../support/combinations.ts';
import type { PodParts } from '../../support/sei-node.ts';
import {
  EARLIER,
  forgedPod,
  pod,
  revisionOf,
  STATEFUL_SET_UID,
  statefulSet,
  V1,
  V2,
} from '../../support/sei-node.ts';

const applied = { uid: STATEFUL_SET_UID, generation: 2 };

/** The StatefulSet once its controller has seen the template of V2. */
const rolled = (parts: Partial<StatefulSetView> = {}) =>
  statefulSet({
    generation: 2,
    observedGeneration: 2,
    updateRevision: revisionOf(V2),
    updatedReplicas: 0,
    ...parts,
  });

describe('podReplacement', () => {
  it('replaces the pod of an older revision', () => {
    const old = pod({ image: V1 });
    expect(podReplacement(applied, rolled(), [old])).toEqual({ kind: 'replace', pods: [old] });
  });

  it('leaves a pod that runs the new revision already', () => {
    expect(podReplacement(applied, rolled(), [pod({ image: V2 })])).toEqual({ kind: 'done' });
  });

  it('is done where there is no pod', () => {
    expect(podReplacement(applied, rolled(), [])).toEqual({ kind: 'done' });
  });

  it('replaces the pod of B on the way A, B, A, where the newest revision is the first again', () => {
    // Under OnDelete currentRevision stays at A for ever, so it would say that all is well here.
    const backAtA = rolled({
      generation: 3,
      observedGeneration: 3,
      updateRevision: revisionOf(V1),
    });
    const ofB = pod({ image: V2 });
    const afterBack = { ...applied, generation: 3 };
    expect(podReplacement(afterBack, backAtA, [ofB])).toEqual({ kind: 'replace', pods: [ofB] });
  });

  it('replaces a pod that never became ready or never started', () => {
    const stuck = pod({ image: V1, ready: false, phase: 'Pending' });
    expect(podReplacement(applied, rolled(), [stuck])).toEqual({ kind: 'replace', pods: [stuck] });
  });

  it.each<[string, PodParts]>([
    ['is being deleted already', { deletionTimestamp: EARLIER }],
    ['belongs to another StatefulSet', { statefulSetUid: 'another' }],
    ['nobody controls', { statefulSetUid: undefined }],
    ['has another name', { name: 'zz-forged' }],
    ['is of another ordinal', { name: 'n0-1' }],
  ])('leaves a pod that %s', (_, parts) => {
    expect(podReplacement(applied, rolled(), [pod({ image: V1, ...parts })])).toEqual({
      kind: 'done',
    });
  });

  it.each([
    ['is there', {}, 'its controller deletes that once n0-0 is ready'],
    ['is going', { deletionTimestamp: EARLIER }, 'that is being deleted'],
  ])('replaces nothing while a pod of another ordinal %s', (_, parts, end) => {
    const other = pod({ name: 'n0-1', uid: 'other', image: V2, ...parts });
    expect(podReplacement(applied, rolled(), [other, pod({ image: V1 })])).toEqual({
      kind: 'crowded',
      stall: {
        reason: 'SurplusPod',
        message: expect.stringContaining(
          `pod n0-0 stays while StatefulSet n0 has pod n0-1 as well: ${end}`,
        ) as string,
      },
    });
    expect(podReplacement(applied, rolled(), [other, pod({ image: V2 })]).kind).toBe('done');
  });

  it('is not held up by a pod that only looks like one of the StatefulSet', () => {
    const old = pod({ image: V1 });
    expect(podReplacement(applied, rolled(), [forgedPod(), old])).toEqual({
      kind: 'replace',
      pods: [old],
    });
  });

  it('replaces a pod that has lost its revision, which nothing can be said of', () => {
    const lost = pod({ image: V2, revision: undefined });
    expect(podReplacement(applied, rolled(), [lost])).toEqual({ kind: 'replace', pods: [lost] });
  });

  it('replaces a pod that was edited since it was observed, and no pod that admission made so', () => {
    const edited = { ...pod({ image: 'sei:v9' }), revision: revisionOf(V2) };
    const observed = { name: edited.name, uid: edited.uid, image: V2 };
    expect(podReplacement(applied, rolled(), [edited], observed)).toEqual({
      kind: 'replace',
      pods: [edited],
    });
    const asMade = { ...observed, image: 'sei:v9' };
    expect(podReplacement(applied, rolled(), [edited], asMade)).toEqual({ kind: 'done' });
    const another = { ...observed, uid: 'the pod before' };
    expect(podReplacement(applied, rolled(), [edited], another)).toEqual({ kind: 'done' });
  });

  it.each<[string, StatefulSetView | undefined, string]>([
    ['does not exist', undefined, 'the StatefulSet to exist'],
    ['is another one of the name', rolled({ uid: 'another' }), 'the StatefulSet to exist'],
    [
      'is shown from before the apply',
      rolled({ generation: 1, observedGeneration: 1 }),
      'the StatefulSet controller to see the new template',
    ],
    [
      'has not been looked at by its controller',
      rolled({ observedGeneration: 1 }),
      'the StatefulSet controller to see the new template',
    ],
    [
      'has no revision yet',
      rolled({ updateRevision: undefined }),
      'the StatefulSet controller to see the new template',
    ],
    [
      'has an empty revision',
      rolled({ updateRevision: '' }),
      'the StatefulSet controller to see the new template',
    ],
  ])('waits while the StatefulSet %s', (_, seen, waitingFor) => {
    expect(podReplacement(applied, seen, [pod({ image: V1 })])).toEqual({
      kind: 'wait',
      waitingFor,
    });
  });

  it('takes a template that is newer than the apply as well', () => {
    const newer = rolled({ generation: 5, observedGeneration: 5 });
    expect(podReplacement(applied, newer, [pod({ image: V1 })]).kind).toBe('replace');
  });

  it('refuses more than one replica, also while it could not decide anything else', () => {
    const two = rolled({ replicas: 2, observedGeneration: 1 });
    expect(podReplacement(applied, two, [pod()])).toEqual({ kind: 'refuse', replicas: 2 });
  });

  it('replaces nothing of a StatefulSet that is scaled to zero but what is still there', () => {
    expect(podReplacement(applied, rolled({ replicas: 0 }), [])).toEqual({ kind: 'done' });
  });

  it('never names a pod that is not its own, is leaving, or is of the newest revision', () => {
    const pods = combinations({
      image: [V1, V2],
      statefulSetUid: [STATEFUL_SET_UID, 'another', undefined],
      deletionTimestamp: [undefined, EARLIER],
    }).map((parts, index) => pod({ ...parts, uid: `pod-${index}` }));
    expect(podReplacement(applied, rolled(), pods)).toEqual({
      kind: 'replace',
      pods: [pod({ image: V1, uid: 'pod-0' })],
    });
  });
});
