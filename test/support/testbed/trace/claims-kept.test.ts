import { describe, expect, it } from 'vitest';

import type { ScriptedObject } from './scripted-trace.ts';
import {
  beingDeleted,
  changed,
  CONTROLLER,
  KUBECTL,
  objectOf,
  ScriptedTrace,
  scriptedNode,
  WORKER,
} from './scripted-trace.ts';

const RULE = 'No claim goes but after deletion was asked for';

const node = scriptedNode('a');
const deleted = beingDeleted(node);
const claim = changed(objectOf(node, 'PersistentVolumeClaim', 'data-a'), {
  finalizers: ['kubernetes.io/pvc-protection'],
});
const orphaning = changed(deleted, { finalizers: ['sei.io/seinode-finalizer', 'orphan'] });

function withNode(object: ScriptedObject = node): ScriptedTrace {
  return new ScriptedTrace().create(KUBECTL, object).create(WORKER, claim);
}

describe('the deletion of a claim by the operator', () => {
  it('is right once somebody has deleted the node', () => {
    const trace = withNode().delete(KUBECTL, deleted).delete(WORKER, beingDeleted(claim));
    expect(trace.broken()).toEqual([]);
  });

  it('is right when the node is gone already', () => {
    const trace = withNode().deleteAtOnce(KUBECTL, node).delete(WORKER, beingDeleted(claim));
    expect(trace.broken()).toEqual([]);
  });

  it('breaks the rule when nobody has deleted the node', () => {
    const trace = withNode().delete(WORKER, beingDeleted(claim));
    expect(trace.violations()).toMatchObject([
      {
        rule: RULE,
        message:
          'the operator deletes PersistentVolumeClaim nodes/data-a (UID uid-of-PersistentVolumeClaim-data-a), and nobody has deleted SeiNode a',
        writes: [{ order: 3, request: { userAgent: WORKER } }],
      },
    ]);
  });

  it('breaks the rule when the node is deleted only after it', () => {
    const trace = withNode()
      .delete(WORKER, beingDeleted(claim))
      .delete(KUBECTL, deleted)
      .loggedInDisorder();
    expect(trace.broken()).toEqual([RULE]);
  });

  it('breaks the rule as one of many', () => {
    expect(withNode().deleteAll(WORKER, [claim]).broken()).toEqual([RULE]);
  });

  it.for([
    { when: 'while its objects are orphaned', also: [] },
    { when: 'after its objects were orphaned', also: [deleted] },
  ])('breaks the rule when the node is deleted with --cascade=orphan, $when', ({ also }) => {
    const trace = withNode().delete(KUBECTL, orphaning);
    for (const each of also) trace.patch(CONTROLLER, each);
    expect(trace.delete(WORKER, beingDeleted(claim)).broken()).toEqual([RULE]);
  });

  it('breaks the rule when the node has imported the claim', () => {
    const importing = scriptedNode('a', { dataVolume: { import: { pvcName: 'data-a' } } });
    const trace = withNode(importing)
      .delete(KUBECTL, { ...deleted, spec: importing.spec ?? {} })
      .delete(WORKER, beingDeleted(claim));
    expect(trace.broken()).toEqual([RULE]);
  });

  it('is a person’s own business otherwise', () => {
    expect(withNode().delete(KUBECTL, beingDeleted(claim)).broken()).toEqual([]);
  });

  it('that was refused, or only tried, breaks nothing', () => {
    const trace = withNode()
      .delete(WORKER, claim, { code: 409 })
      .delete(WORKER, beingDeleted(claim), { query: '?dryRun=All' })
      .delete(WORKER, beingDeleted(claim), { body: { dryRun: ['All'] } });
    expect(trace.broken()).toEqual([]);
  });
});
