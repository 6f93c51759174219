import { describe, expect, it } from 'vitest';

import type { ScriptedObject } from './scripted-trace.ts';
import {
  beingDeleted,
  changed,
  CONTROLLER,
  KUBECTL,
  objectOf,
  ownedBy,
  podOf,
  ScriptedTrace,
  scriptedNode,
  statefulSetOf,
  WORKER,
} from './scripted-trace.ts';

const RULE = 'No write to a foreign object';

const node = scriptedNode('a');
const statefulSet = statefulSetOf(node);
const OBJECTS = [
  objectOf(node, 'Service', 'a'),
  objectOf(node, 'ConfigMap', 'a-rbac-proxy-config'),
  objectOf(node, 'PersistentVolumeClaim', 'data-a'),
  statefulSet,
];
const other = { kind: 'Deployment', metadata: { name: 'web', uid: 'uid-of-web' } };

/** Starts from an object that was there before the operator wrote to it. */
function there(object: ScriptedObject): ScriptedTrace {
  return new ScriptedTrace().create(KUBECTL, node).create(KUBECTL, object);
}

function unowned(object: ScriptedObject): ScriptedObject {
  return changed(object, { ownerReferences: [] });
}

describe.for(OBJECTS)('a write of the operator to a $kind', (object) => {
  it('that the node controls is right', () => {
    expect(there(object).patch(WORKER, object).broken()).toEqual([]);
  });

  it('that it creates is right', () => {
    const trace = new ScriptedTrace().create(KUBECTL, node).patch(WORKER, object, { code: 201 });
    expect(trace.broken()).toEqual([]);
  });

  it('that another controls breaks the rule, at whatever field and also if nothing changes', () => {
    const foreign = changed(object, { ownerReferences: [ownedBy(other)] });
    const trace = there(foreign)
      .patch(WORKER, foreign)
      .patch(WORKER, foreign, { resourceVersion: 3 });
    expect(trace.broken()).toEqual([RULE, RULE]);
    expect(trace.violations()[0]?.message).toBe(
      `the operator writes to ${object.kind} nodes/${object.metadata.name} (UID ${object.metadata.uid}), and it belongs to Deployment web`,
    );
  });

  it('that another SeiNode controls breaks the rule', () => {
    const foreign = changed(object, { ownerReferences: [ownedBy(scriptedNode('b'))] });
    const trace = there(foreign).create(KUBECTL, scriptedNode('b')).patch(WORKER, foreign);
    expect(trace.broken()).toEqual([RULE]);
  });

  it('that nobody owns, with the node’s label, is right as its adoption alone', () => {
    const found = unowned(object);
    expect(there(found).patch(WORKER, object).broken()).toEqual([]);
    expect(there(found).patch(WORKER, found).broken()).toEqual([RULE]);
  });

  it('that nobody owns, with another label, breaks the rule', () => {
    const found = changed(unowned(object), { labels: { app: 'web' } });
    expect(there(found).patch(WORKER, object).broken()).toEqual([RULE]);
  });

  it('that nobody owns, without a label, breaks the rule but for a claim', () => {
    const found = changed(unowned(object), { labels: {} });
    const isClaim = object.kind === 'PersistentVolumeClaim';
    expect(there(found).patch(WORKER, object).broken()).toEqual(isClaim ? [] : [RULE]);
  });

  it('that was restored with an owner of before is right as its adoption alone', () => {
    const before = changed(node, { uid: 'uid-of-the-one-before' });
    const found = changed(object, { ownerReferences: [ownedBy(before)] });
    const trace = () =>
      new ScriptedTrace()
        .create(KUBECTL, before)
        .deleteAtOnce(KUBECTL, before)
        .create(KUBECTL, found)
        .create(KUBECTL, node);
    expect(trace().patch(WORKER, object).patch(WORKER, object).broken()).toEqual([]);
    expect(trace().patch(WORKER, found).broken()).toEqual([RULE]);
  });

  it('by its deletion breaks the rule for another’s', () => {
    const foreign = changed(object, { ownerReferences: [ownedBy(other)] });
    expect(there(foreign).deleteAtOnce(WORKER, foreign).broken()).toContain(RULE);
  });

  it('of the deleted node of that name is right, and to take it over from that is not', () => {
    const next = changed(node, { uid: 'uid-of-the-next' });
    const trace = there(object).deleteAtOnce(KUBECTL, node).create(KUBECTL, next);
    expect(trace.patch(WORKER, object).broken()).toEqual([]);
    const taken = changed(object, { ownerReferences: [ownedBy(next)] });
    expect(trace.patch(WORKER, taken).broken()).toEqual([RULE]);
  });

  it('is nobody else’s business', () => {
    const foreign = changed(object, { ownerReferences: [ownedBy(other)] });
    expect(there(foreign).patch(KUBECTL, foreign).delete(KUBECTL, foreign).broken()).toEqual([]);
  });
});

describe('a write of the operator to what nobody owns', () => {
  const strategy = { metadata: { uid: 'uid' }, spec: { updateStrategy: { type: 'OnDelete' } } };
  const found = unowned(statefulSet);

  it('turns a StatefulSet to OnDelete, and writes no other field', () => {
    expect(there(found).patch(WORKER, found, { body: strategy }).broken()).toEqual([]);
    const body = { ...strategy, spec: { ...strategy.spec, replicas: 0 } };
    expect(there(found).patch(WORKER, found, { body }).broken()).toEqual([RULE]);
  });

  it('deletes a StatefulSet in place of the tracked one', () => {
    expect(there(found).deleteAtOnce(WORKER, found).broken()).toEqual([]);
  });

  it('takes the ports of a Service back', () => {
    const service = unowned(objectOf(node, 'Service', 'a'));
    const body = { metadata: { uid: 'uid' }, spec: { ports: [] } };
    expect(there(service).patch(WORKER, service, { body }).broken()).toEqual([]);
  });

  it('breaks the rule where there is no SeiNode of that name', () => {
    const trace = new ScriptedTrace().create(KUBECTL, found).deleteAtOnce(WORKER, found);
    expect(trace.broken()).toEqual([RULE]);
  });
});

describe('a write of the operator to a ConfigMap of another name', () => {
  it('breaks the rule', () => {
    const object = objectOf(node, 'ConfigMap', 'a-settings');
    expect(there(object).patch(WORKER, object).broken()).toEqual([RULE]);
  });
});

describe('the deletion of a pod by the operator', () => {
  const pod = podOf(statefulSet);
  const gone = beingDeleted(pod, 120);

  it('is right for one that the node’s StatefulSet controls', () => {
    const trace = there(statefulSet).create(CONTROLLER, pod).delete(WORKER, gone);
    expect(trace.broken()).toEqual([]);
  });

  it('breaks the rule for one that another StatefulSet controls', () => {
    const foreign = changed(statefulSet, { ownerReferences: [ownedBy(other)] });
    const trace = there(foreign).create(CONTROLLER, pod).delete(WORKER, gone);
    expect(trace.broken()).toEqual([RULE]);
  });

  it('is right for the one that a deleted node has left behind', () => {
    const left = changed(pod, { ownerReferences: [] });
    const trace = there(statefulSet)
      .create(KUBECTL, left)
      .delete(KUBECTL, beingDeleted(node))
      .delete(WORKER, beingDeleted(left, 120));
    expect(trace.broken()).toEqual([]);
  });

  it.for([
    { whose: 'nobody', ownerReferences: [] },
    { whose: 'another controller', ownerReferences: [ownedBy(other)] },
  ])('breaks the rule for one that $whose controls', ({ ownerReferences }) => {
    const foreign = changed(pod, { ownerReferences });
    const trace = there(statefulSet)
      .create(KUBECTL, foreign)
      .delete(WORKER, changed(gone, { ownerReferences }));
    expect(trace.broken()).toEqual([RULE]);
  });
});

describe('a write that changes nothing', () => {
  it('is held against the objects as they are when it is asked for', () => {
    const found = unowned(statefulSet);
    const trace = new ScriptedTrace().create(KUBECTL, found).create(KUBECTL, node);
    const body = { spec: { updateStrategy: { type: 'OnDelete' } } };
    expect(trace.patch(WORKER, found, { body, resourceVersion: 1 }).broken()).toEqual([]);
  });
});
