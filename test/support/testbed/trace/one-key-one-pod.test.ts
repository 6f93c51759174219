import { describe, expect, it } from 'vitest';

import { statefulSetFor } from '../../../../manifests/stateful-set.ts';
import { platform, signingValidator, target } from '../../../manifests/fixtures.ts';
import { SHARES_KEY } from './one-key-one-pod.ts';
import {
  beingDeleted,
  changed,
  CONTROLLER,
  KUBECTL,
  KUBELET,
  podOf,
  ScriptedTrace,
  scriptedNode,
  statefulSetOf,
  WORKER,
} from './scripted-trace.ts';
import { tracedObject } from './traced-object.ts';

const RULE = 'One key, one pod';

const [a, b] = [statefulSetOf(scriptedNode('a')), statefulSetOf(scriptedNode('b'))];
const KEY = { secrets: ['key'] };
const [podA, podB] = [podOf(a, KEY), podOf(b, KEY)];

/** Sets up two nodes, whose StatefulSets the operator has made. */
function twoNodes(): ScriptedTrace {
  return new ScriptedTrace()
    .create(KUBECTL, scriptedNode('a'))
    .create(KUBECTL, scriptedNode('b'))
    .patch(WORKER, a, { code: 201 })
    .patch(WORKER, b, { code: 201 });
}

describe('two pods that mount one key', () => {
  it('at once break the rule, which names the key, both pods and who made them', () => {
    const trace = twoNodes().create(CONTROLLER, podA).create(CONTROLLER, podB);
    const violations = trace.violations();
    expect(violations).toMatchObject([
      { rule: RULE, writes: [{ order: 5 }, { order: 6, request: { userAgent: CONTROLLER } }] },
    ]);
    expect(violations[0]?.message).toBe(
      'Secret nodes/key is mounted by two pods at once (volume signing-key): a-0 (UID uid-of-pod-a-0), and b-0 (UID uid-of-pod-b-0)',
    );
  });

  it('break the rule by one claim too', () => {
    const claim = { claim: 'imported' };
    const trace = twoNodes()
      .create(CONTROLLER, podOf(a, claim))
      .create(CONTROLLER, podOf(b, claim));
    expect(trace.broken()).toEqual([RULE]);
  });

  it('break the rule while the first is being deleted', () => {
    const trace = twoNodes()
      .create(CONTROLLER, podA)
      .delete(CONTROLLER, beingDeleted(podA, 120))
      .create(CONTROLLER, podB);
    expect(trace.broken()).toEqual([RULE]);
    expect(trace.violations()[0]?.message).toContain('which is being deleted and not gone');
  });

  it('break the rule while the first has lost its StatefulSet', () => {
    const orphan = changed(podA, { ownerReferences: [] });
    const trace = twoNodes()
      .create(CONTROLLER, podA)
      .deleteAtOnce(KUBECTL, a)
      .patch(CONTROLLER, orphan)
      .create(CONTROLLER, podB);
    expect(trace.broken()).toEqual([RULE]);
  });

  it('break the rule while one of many deleted pods is on a machine', () => {
    const trace = twoNodes()
      .create(CONTROLLER, podA)
      .deleteAll(CONTROLLER, [podA])
      .create(CONTROLLER, podB);
    expect(trace.broken()).toEqual([RULE]);
  });

  it.for([
    { what: 'by the end of its grace', end: beingDeleted(podA) },
    { what: 'by force', end: podA },
  ])('one after the other, when the first is gone $what, are right', ({ end }) => {
    const trace = twoNodes()
      .create(CONTROLLER, podA)
      .delete(CONTROLLER, beingDeleted(podA, 120))
      .delete(KUBELET, end)
      .create(CONTROLLER, podB);
    expect(trace.broken()).toEqual([]);
  });

  it('one after the other are right in whatever order the requests were logged', () => {
    const trace = twoNodes()
      .create(CONTROLLER, podA)
      .delete(KUBELET, beingDeleted(podA))
      .create(CONTROLLER, podB)
      .loggedInDisorder();
    expect(trace.broken()).toEqual([]);
  });

  it.for(['Succeeded', 'Failed'])('are right when the first is %s', (phase) => {
    const ended = { ...podA, status: { phase } };
    const trace = twoNodes()
      .create(CONTROLLER, podA)
      .patch(KUBELET, ended, { subresource: 'status' })
      .create(CONTROLLER, podB);
    expect(trace.broken()).toEqual([]);
  });

  it('of the same name follow one another, also where the end of the first was not recorded', () => {
    const again = changed(podA, { uid: 'uid-of-another' });
    const trace = twoNodes().create(CONTROLLER, podA).create(CONTROLLER, again);
    expect(trace.broken()).toEqual([]);
  });

  it('are right in two namespaces, where those are two Secrets', () => {
    const elsewhere = changed(podB, { namespace: 'others' });
    const trace = twoNodes().create(CONTROLLER, podA).create(CONTROLLER, elsewhere);
    expect(trace.broken()).toEqual([]);
  });

  it('are not looked at when somebody made one of them by hand', () => {
    const byHand = changed(podB, { ownerReferences: [] });
    const trace = twoNodes().create(CONTROLLER, podA).create(KUBECTL, byHand);
    expect(trace.broken()).toEqual([]);
  });

  it('are not looked at when a test has said so on one of them', () => {
    const onPurpose = changed(podB, { annotations: { [SHARES_KEY]: 'to see what happens' } });
    const trace = twoNodes().create(CONTROLLER, podA).create(CONTROLLER, onPurpose);
    expect(trace.broken()).toEqual([]);
  });
});

describe('a second pod of one StatefulSet', () => {
  const two = { ...a, spec: { replicas: 2 } };
  const second = podOf(a, { ...KEY, ordinal: 1 });
  const scale = {
    kind: 'Scale',
    metadata: { uid: a.metadata.uid, resourceVersion: '6' },
    spec: { replicas: 2 },
  };

  it('breaks the rule when the operator has asked for it', () => {
    const trace = twoNodes().create(CONTROLLER, podA).patch(WORKER, two).create(CONTROLLER, second);
    // The pods break the rule by the key and by the claim.
    expect(trace.broken()).toEqual([RULE, RULE]);
  });

  it.for([
    { how: 'by an edit', scaled: { object: two, details: {} } },
    { how: 'by scaling', scaled: { object: a, details: { subresource: 'scale', answer: scale } } },
  ])('is not looked at when a person has asked for it $how, also if late', ({ scaled }) => {
    const trace = twoNodes()
      .create(CONTROLLER, podA)
      .patch(KUBECTL, scaled.object, scaled.details)
      .patch(WORKER, a)
      .create(CONTROLLER, second);
    expect(trace.broken()).toEqual([]);
  });
});

describe('the pod of a StatefulSet that a person has made', () => {
  it('is looked at once the operator has applied it', () => {
    const unowned = changed(b, { ownerReferences: [] });
    const trace = new ScriptedTrace()
      .create(KUBECTL, scriptedNode('a'))
      .create(KUBECTL, scriptedNode('b'))
      .patch(WORKER, a, { code: 201 })
      .create(CONTROLLER, podA)
      .create(KUBECTL, unowned);
    expect(trace.create(CONTROLLER, podB).broken()).toEqual([]);
    const successor = changed(podB, { uid: 'uid-of-another' });
    expect(trace.patch(WORKER, b).create(CONTROLLER, successor).broken()).toEqual([RULE]);
  });
});

describe('the keys of a pod', () => {
  it('are all Secrets and the claim that a validator’s pod mounts', () => {
    const { spec } = statefulSetFor(signingValidator(), target, platform);
    const pod = tracedObject('Pod', {
      metadata: { name: 'pod', uid: 'uid', resourceVersion: '1' },
      spec: spec?.template.spec,
    });
    const volumes = pod.content.mounts.map(({ volume }) => volume);
    expect(volumes).toEqual(['data', 'signing-key', 'node-key', 'operator-keyring']);
  });
});
