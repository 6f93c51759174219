import { describe, expect, it } from 'vitest';

import type { PodView } from '../../../domain/pod/pod-view.ts';
import type { RolloutProgress } from '../../../domain/pod/rollout-progress.ts';
import { describeProgress, rolloutProgress } from '../../../domain/pod/rollout-progress.ts';
import { runningPod } from '../../../domain/pod/running-pod.ts';
import type { StatefulSetView } from '../../../domain/pod/stateful-set-view.ts';
import { combinations } from '../../support/combinations.ts';
import {
  forgedPod,
  NOW,
  pod,
  revisionOf,
  SIDECAR,
  STATEFUL_SET_UID,
  statefulSet,
  V1,
  V2,
  waiting,
} from '../../support/sei-node.ts';

const applied = { uid: STATEFUL_SET_UID, generation: 2 };
const nowMs = Date.parse(NOW);
const ago = (seconds: number) => new Date(nowMs - seconds * 1_000).toISOString();

/** The StatefulSet when its controller has seen V2 and counts one pod of it. */
const rolled = (parts: Partial<StatefulSetView> = {}) =>
  statefulSet({
    generation: 2,
    observedGeneration: 2,
    updateRevision: revisionOf(V2),
    updatedReplicas: 1,
    ...parts,
  });
const progress = (set: StatefulSetView | undefined, ...pods: readonly PodView[]): RolloutProgress =>
  rolloutProgress('newest', applied, set, pods, nowMs);

const newPod = pod({ image: V2 });
const terminating = pod({ image: V1, deletionTimestamp: ago(-20) });

describe('rolloutProgress', () => {
  it('is complete when seid of the newest revision runs, and says what it saw', () => {
    expect(progress(rolled(), newPod)).toEqual({
      kind: 'complete',
      pod: {
        name: 'n0-0',
        uid: 'pod-of-sei:v2',
        ip: '10.0.0.1',
        image: V2,
        sidecarImage: SIDECAR,
      },
    });
  });

  it.each([
    ['is unready', { ready: false }],
    [
      'crashes after its start',
      { containers: { seid: { ...waiting('CrashLoopBackOff'), hasStarted: true } } },
    ],
    [
      'has exited',
      {
        containers: {
          seid: {
            state: { kind: 'terminated', exitCode: 1, reason: 'Error', message: '' },
            hasStarted: true,
          },
        },
      },
    ],
  ] as const)('is complete with a pod whose seid %s: its image has run', (_, parts) => {
    expect(progress(rolled(), pod({ image: V2, ...parts })).kind).toBe('complete');
  });

  it('still rolls while the controller counts too few pods of the newest revision', () => {
    expect(progress(rolled({ updatedReplicas: 0 }), newPod)).toEqual({
      kind: 'progressing',
      updated: 0,
      desired: 1,
      waitingFor: 'the StatefulSet controller to count pod n0-0',
      subject: undefined,
    });
  });

  it.each([
    ['does not exist', undefined, 'the StatefulSet to exist'],
    ['is another one of the name', rolled({ uid: 'another' }), 'the StatefulSet to exist'],
    [
      'has not been seen by its controller',
      rolled({ observedGeneration: 1 }),
      'the StatefulSet controller to see the new template',
    ],
    [
      'is shown from before the apply',
      rolled({ generation: 1, observedGeneration: 1 }),
      'the StatefulSet controller to see the new template',
    ],
  ])('keeps waiting while the StatefulSet %s', (_, set, waitingFor) => {
    expect(progress(set, newPod)).toMatchObject({ kind: 'progressing', updated: 0, waitingFor });
  });

  it('takes no image for one that ran before it has been pulled', () => {
    const pulling = pod({ image: V2, phase: 'Pending', containers: { seid: waiting('') } });
    expect(progress(rolled(), pulling)).toMatchObject({
      kind: 'progressing',
      updated: 1,
      waitingFor: 'container seid of pod n0-0 (Pending) to start',
    });
  });

  it('is not satisfied by seid-init, which runs the same image', () => {
    const initialising = pod({
      image: V2,
      containers: {
        'seid-init': { hasStarted: true, state: { kind: 'running' } },
        seid: waiting('PodInitializing'),
      },
    });
    expect(progress(rolled(), initialising).kind).toBe('progressing');
  });

  it('waits for the old pod to terminate, and then for the new one to be created', () => {
    expect(progress(rolled({ updatedReplicas: 0 }), terminating)).toMatchObject({
      waitingFor: `pod n0-0 to terminate, by ${terminating.deletionTimestamp}`,
    });
    expect(progress(rolled({ updatedReplicas: 0 }))).toMatchObject({
      waitingFor: 'the new pod to be created',
    });
  });

  it('takes no pod of the newest revision that is being deleted for its evidence', () => {
    expect(progress(rolled(), { ...newPod, deletionTimestamp: ago(-20) }).kind).toBe('progressing');
  });

  it('takes no foreign pod for its evidence', () => {
    expect(progress(rolled(), { ...newPod, statefulSetUid: 'another' }).kind).toBe('progressing');
  });

  it.each(['zz-forged', 'a-forged', 'n0-1', 'n0-00'])(
    'takes no pod %s for its evidence, though the StatefulSet controls it',
    (name) => {
      const other = forgedPod({ name, revision: newPod.revision });
      for (const revision of ['newest', 'any'] as const) {
        expect(rolloutProgress(revision, applied, rolled(), [other], nowMs)).toMatchObject({
          waitingFor: 'the new pod to be created',
        });
        expect(rolloutProgress(revision, applied, rolled(), [other, newPod], nowMs)).toMatchObject({
          kind: 'complete',
          pod: { name: 'n0-0', uid: newPod.uid, image: V2 },
        });
        const going = { ...other, deletionTimestamp: ago(400) };
        expect(rolloutProgress(revision, applied, rolled(), [going], nowMs).kind).toBe(
          'progressing',
        );
      }
    },
  );

  it.each([
    ['ErrImagePull', 'ImagePullBackOff'],
    ['InvalidImageName', 'InvalidImageName'],
    ['CreateContainerConfigError', 'CreateContainerConfigError'],
  ])('is blocked when the new pod has %s', (reason, trouble) => {
    const stuck = pod({ image: V2, containers: { seid: waiting(reason, 'why') } });
    expect(progress(rolled(), stuck)).toMatchObject({
      kind: 'blocked',
      trouble: { reason: trouble },
    });
  });

  it.each([
    [60, 'progressing'],
    [121, 'blocked'],
  ])('has been unschedulable for %i seconds and is %s', (seconds, kind) => {
    const unschedulable = { message: 'no node', since: ago(seconds) };
    const pending = pod({ image: V2, unschedulable, containers: { seid: waiting('') } });
    expect(progress(rolled(), pending).kind).toBe(kind);
  });

  const none = { hasStarted: false, state: { kind: 'waiting', reason: '', message: '' } } as const;
  const containers = Object.fromEntries(newPod.containers.map(({ name }) => [name, none]));
  const fresh = pod({ image: V2, phase: 'Pending', containers });
  const started = pod({
    image: V2,
    containers: { ...containers, 'seid-init': { hasStarted: true } },
  });

  it.each([
    ['no pod is made', [], { kind: 'StatefulSet', uid: STATEFUL_SET_UID, name: 'n0' }],
    ['no container of it starts', [fresh], { kind: 'Pod', uid: fresh.uid, name: 'n0-0' }],
    ['a container of it has started', [started], undefined],
    ['the old pod has to go first', [terminating], undefined],
  ])('names whose Events may say why it waits when %s', (_, pods, subject) => {
    const seen = progress(rolled({ updatedReplicas: 0 }), ...pods);
    expect(seen.kind === 'progressing' ? seen.subject : 'not progressing').toEqual(
      subject && { ...subject, namespace: 'default' },
    );
  });

  it('is blocked by a pod of an earlier StatefulSet that does not go', () => {
    const overdue = { ...terminating, statefulSetUid: 'earlier', deletionTimestamp: ago(4) };
    for (const revision of ['newest', 'any'] as const) {
      expect(rolloutProgress(revision, applied, rolled(), [overdue], nowMs)).toMatchObject({
        kind: 'blocked',
        trouble: { reason: 'PodTerminating' },
      });
      const leaving = { ...overdue, deletionTimestamp: ago(-20) };
      expect(rolloutProgress(revision, applied, rolled(), [leaving], nowMs)).toMatchObject({
        waitingFor: `pod n0-0 to terminate, by ${ago(-20)}`,
      });
    }
  });

  it('is blocked by an old pod that does not go', () => {
    const overdue = { ...terminating, deletionTimestamp: ago(4) };
    expect(progress(rolled({ updatedReplicas: 0 }), overdue)).toMatchObject({
      kind: 'blocked',
      trouble: { reason: 'PodTerminating' },
    });
  });

  it('is not blocked by the trouble of a pod that has been deleted', () => {
    const bad = pod({ image: V1, containers: { seid: waiting('ImagePullBackOff') } });
    // A watch that lags behind the delete still shows it as if nobody had touched it.
    expect(progress(rolled({ updatedReplicas: 0 }), bad).kind).toBe('progressing');
  });

  it('is not blocked by the old pod once the new one is there', () => {
    const overdue = { ...terminating, name: 'n0-1', deletionTimestamp: ago(4) };
    expect(progress(rolled(), overdue, newPod).kind).toBe('complete');
  });

  it('never completes without a started seid of the applied StatefulSet and template', () => {
    const cases = combinations({
      uid: [STATEFUL_SET_UID, 'another'],
      observedGeneration: [1, 2],
      updatedReplicas: [0, 1],
      podOwner: [STATEFUL_SET_UID, 'another'],
      image: [V1, V2],
      hasStarted: [false, true],
      deletionTimestamp: [undefined, ago(-20)],
    });
    const complete = cases.filter(
      ({ uid, observedGeneration, updatedReplicas, podOwner, image, hasStarted, ...leaving }) =>
        progress(
          rolled({ uid, observedGeneration, updatedReplicas }),
          pod({
            image,
            statefulSetUid: podOwner,
            containers: { seid: { hasStarted } },
            ...leaving,
          }),
        ).kind === 'complete',
    );
    expect(complete).toEqual([
      {
        uid: STATEFUL_SET_UID,
        observedGeneration: 2,
        updatedReplicas: 1,
        podOwner: STATEFUL_SET_UID,
        image: V2,
        hasStarted: true,
        deletionTimestamp: undefined,
      },
    ]);
  });
});

describe('runningPod', () => {
  it("is the pod's own image, whatever anybody wants by now", () => {
    expect(runningPod(pod({ image: 'sei:odd', sidecarImage: 'seictl:odd' }))).toMatchObject({
      image: 'sei:odd',
      sidecarImage: 'seictl:odd',
    });
  });

  it('is undefined for a pod without a started seid', () => {
    expect(runningPod(pod({ containers: { seid: waiting('') } }))).toBeUndefined();
    expect(runningPod({ ...pod(), containers: [] })).toBeUndefined();
  });
});

describe('describeProgress', () => {
  it('says in one line how far the rollout is', () => {
    expect(describeProgress(progress(rolled(), newPod))).toBe('pod n0-0 runs sei:v2');
    expect(describeProgress(progress(rolled({ updatedReplicas: 0 }), terminating))).toBe(
      `0/1 updated, waiting for pod n0-0 to terminate, by ${terminating.deletionTimestamp}`,
    );
    const stuck = pod({ image: V2, containers: { seid: waiting('ErrImagePull', 'denied') } });
    expect(describeProgress(progress(rolled(), stuck))).toBe(
      'blocked: ImagePullBackOff: pod n0-0, container seid, image sei:v2: denied',
    );
  });
});

describe('runningPod', () => {
  it('is no pod that has ended, whatever its containers say: its address may be another one by now', () => {
    expect(runningPod(pod())).toBeDefined();
    expect(runningPod(pod({ phase: 'Failed', reason: 'Evicted' }))).toBeUndefined();
    expect(runningPod(pod({ phase: 'Succeeded' }))).toBeUndefined();
  });
});
