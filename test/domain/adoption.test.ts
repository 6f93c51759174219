import { describe, expect, it } from 'vitest';

import { adoption } from '../../domain/adoption.ts';
import { FailureType } from '../../domain/failure-type.ts';
import type { StatefulSetView } from '../../domain/stateful-set-view.ts';
import { combinations } from '../support/combinations.ts';
import { NODE, runningNode, seiNode, STATEFUL_SET_UID, statefulSet } from '../support/sei-node.ts';

const fresh = seiNode();
const tracking = runningNode();
const unowned = { owner: undefined };
const ofJob = { owner: { kind: 'Job', name: 'somebody', uid: 'job-uid' } };
const ofEarlierNode = { owner: { kind: 'SeiNode', name: NODE.name, uid: 'earlier-uid' } };
const ofOtherNode = { owner: { kind: 'SeiNode', name: 'n1', uid: 'n1-uid' } };

describe('adoption', () => {
  it.each([
    ['a new node', fresh],
    ['a node whose StatefulSet is gone', tracking],
  ])('creates where nothing is found, for %s', (_, node) => {
    expect(adoption(node, undefined)).toEqual({ kind: 'create' });
  });

  it.each<[string, Partial<StatefulSetView>]>([
    ['that the node controls already', {}],
    ['that nobody controls', unowned],
    ['that still rolls by itself', { ...unowned, updateStrategy: 'RollingUpdate' }],
    ['that is scaled to zero', { ...unowned, replicas: 0 }],
  ])('adopts one %s', (_, parts) => {
    expect(adoption(fresh, statefulSet(parts))).toEqual({ kind: 'adopt', uid: STATEFUL_SET_UID });
  });

  it('adopts the one that it tracks', () => {
    expect(adoption(tracking, statefulSet())).toEqual({ kind: 'adopt', uid: STATEFUL_SET_UID });
  });

  it.each<[string, Partial<StatefulSetView>]>([
    ['is being deleted', { terminating: true }],
    ['the deleted node of this name has left behind', ofEarlierNode],
  ])('waits for one to go that %s', (_, parts) => {
    expect(adoption(fresh, statefulSet(parts)).kind).toBe('wait');
  });

  it.each<[string, Partial<StatefulSetView>, FailureType, RegExp]>([
    ['another kind controls', ofJob, FailureType.ForeignOwner, /belongs to Job somebody/],
    ['another node controls', ofOtherNode, FailureType.ForeignOwner, /belongs to SeiNode n1/],
    [
      'has another service name',
      { ...unowned, serviceName: 'n0-headless' },
      FailureType.Incompatible,
      /spec\.serviceName is "n0-headless", must be "n0"/,
    ],
    [
      'has another selector',
      { ...unowned, selector: { app: 'n0' } },
      FailureType.Incompatible,
      /spec\.selector is "app=n0", must be "sei\.io\/node=n0"/,
    ],
    [
      'selects by more than the node',
      { ...unowned, selector: { 'sei.io/node': 'n0', app: 'x' } },
      FailureType.Incompatible,
      /spec\.selector is "sei\.io\/node=n0,app=x"/,
    ],
    [
      'selects nothing',
      { ...unowned, selector: {} },
      FailureType.Incompatible,
      /spec\.selector is ""/,
    ],
  ])('refuses one that %s, and says why', (_, parts, type, message) => {
    expect(adoption(fresh, statefulSet(parts))).toMatchObject({
      kind: 'refuse',
      type,
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses one of the name that is not the one it tracks', () => {
    expect(adoption(tracking, statefulSet({ uid: 'impostor' }))).toMatchObject({
      kind: 'refuse',
      type: FailureType.Incompatible,
      message: expect.stringContaining('UID impostor') as string,
    });
  });

  it('never adopts what another controls, is leaving, is not the tracked one, or does not fit', () => {
    const cases = combinations({
      tracks: [undefined, STATEFUL_SET_UID, 'another'],
      owner: [undefined, statefulSet().owner, ofJob.owner, ofEarlierNode.owner, ofOtherNode.owner],
      terminating: [false, true],
      serviceName: [NODE.name, 'another'],
    });
    const adopted = cases.filter(({ tracks, ...found }) => {
      const node = tracks === undefined ? fresh : runningNode(trackingOf(tracks));
      return adoption(node, statefulSet(found)).kind === 'adopt';
    });
    const fits = { terminating: false, serviceName: NODE.name };
    expect(adopted).toEqual([
      { tracks: undefined, owner: undefined, ...fits },
      { tracks: undefined, owner: statefulSet().owner, ...fits },
      { tracks: STATEFUL_SET_UID, owner: undefined, ...fits },
      { tracks: STATEFUL_SET_UID, owner: statefulSet().owner, ...fits },
    ]);
  });
});

function trackingOf(uid: string) {
  return { status: { statefulSet: { name: NODE.name, uid } } };
}
