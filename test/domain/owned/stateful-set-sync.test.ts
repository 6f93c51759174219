import { describe, expect, it } from 'vitest';

import { FailureType } from '../../../domain/failure/failure-type.ts';
import { statefulSetSync } from '../../../domain/owned/stateful-set-sync.ts';
import type { StatefulSetView } from '../../../domain/pod/stateful-set-view.ts';
import { combinations } from '../../support/combinations.ts';
import {
  NODE,
  runningNode,
  seiNode,
  STATEFUL_SET_UID,
  statefulSet,
} from '../../support/sei-node.ts';

const fresh = seiNode();
const tracking = runningNode();
const unowned = { owner: undefined };
const ofJob = { owner: { kind: 'Job', name: 'somebody', uid: 'job-uid' } };
const ofApp = { ...unowned, labels: { app: 'web' }, selector: { app: 'web' } };
const ofEarlierNode = { owner: { kind: 'SeiNode', name: NODE.name, uid: 'earlier-uid' } };
const ofOtherNode = { owner: { kind: 'SeiNode', name: 'n1', uid: 'n1-uid' } };

describe('statefulSetSync', () => {
  it('creates where nothing is found and nothing is tracked', () => {
    expect(statefulSetSync(fresh, undefined)).toEqual({ kind: 'create' });
  });

  it('forgets a tracked one that is gone before it creates', () => {
    expect(statefulSetSync(tracking, undefined)).toEqual({ kind: 'forget' });
  });

  it.each<[string, Partial<StatefulSetView>]>([
    ['that the node controls already', {}],
    ['that nobody controls', unowned],
    ['that still rolls by itself', { ...unowned, updateStrategy: 'RollingUpdate' }],
    ['that is scaled to zero', { ...unowned, replicas: 0 }],
  ])('adopts one %s', (_, parts) => {
    const found = statefulSet(parts);
    expect(statefulSetSync(fresh, found)).toEqual({ kind: 'apply', found, adopted: true });
  });

  it('applies to the one that it tracks', () => {
    const found = statefulSet();
    expect(statefulSetSync(tracking, found)).toEqual({ kind: 'apply', found, adopted: false });
  });

  it.each<[string, Partial<StatefulSetView>]>([
    ['is being deleted', { terminating: true }],
    [
      'the deleted node of this name has left behind, and is going',
      { ...ofEarlierNode, terminating: true },
    ],
  ])('waits for one to go that %s', (_, parts) => {
    expect(statefulSetSync(fresh, statefulSet(parts)).kind).toBe('wait');
  });

  it.each<[string, Partial<StatefulSetView>, FailureType, RegExp]>([
    ["carries another application's labels", ofApp, FailureType.ForeignOwner, /labels app=web/],
    ['another kind controls', ofJob, FailureType.ForeignOwner, /belongs to Job somebody/],
    ['another node controls', ofOtherNode, FailureType.ForeignOwner, /belongs to SeiNode n1/],
    [
      'has another service name',
      { ...unowned, serviceName: 'n0-headless' },
      FailureType.Incompatible,
      /spec\.serviceName is "n0-headless", must be "n0"/,
    ],
    [
      'ends and makes pods side by side',
      { ...unowned, podManagementPolicy: 'Parallel' },
      FailureType.Incompatible,
      /spec\.podManagementPolicy is "Parallel", must be "OrderedReady"/,
    ],
    [
      'has claims of its own',
      { ...unowned, claimTemplates: ['data', 'wal'] },
      FailureType.Incompatible,
      /spec\.volumeClaimTemplates is "data,wal", must be ""/,
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
    expect(statefulSetSync(fresh, statefulSet(parts))).toMatchObject({
      kind: 'refuse',
      type,
      message: expect.stringMatching(message) as string,
    });
  });

  it('gives one another owner that was restored with an earlier node as its own', () => {
    expect(statefulSetSync(fresh, statefulSet(ofEarlierNode))).toMatchObject({
      kind: 'replace-owner',
      found: { kind: 'StatefulSet', name: NODE.name, uid: STATEFUL_SET_UID },
    });
  });

  it('forgets what a restored status tracks before it takes up the one that was restored', () => {
    const restored = statefulSet({ ...ofEarlierNode, uid: 'restored' });
    expect(statefulSetSync(tracking, restored)).toEqual({ kind: 'forget' });
  });

  it('gives no other owner to one that does not fit', () => {
    const misfit = statefulSet({ ...ofEarlierNode, serviceName: 'another' });
    expect(statefulSetSync(fresh, misfit)).toMatchObject({ type: FailureType.Incompatible });
  });

  it("deletes no impostor that is another application's", () => {
    const found = statefulSet({ uid: 'impostor', ...ofApp });
    expect(statefulSetSync(tracking, found)).toMatchObject({ type: FailureType.ForeignOwner });
  });

  it('deletes one of the name that is not the one it tracks', () => {
    const found = statefulSet({ uid: 'impostor' });
    expect(statefulSetSync(tracking, found)).toEqual({ kind: 'delete-impostor', found });
  });

  it('deletes one that it has recorded as an impostor, though it tracks nothing any more', () => {
    const found = statefulSet({ uid: 'impostor', ...unowned });
    const node = seiNode({ status: { impostor: { name: NODE.name, uid: 'impostor' } } });
    expect(statefulSetSync(node, found)).toEqual({ kind: 'delete-impostor', found });
  });

  it('never deletes what another controls, what is leaving, or what it tracks', () => {
    const cases = combinations({
      tracks: [undefined, STATEFUL_SET_UID, 'another'],
      owner: [undefined, statefulSet().owner, ofJob.owner, ofEarlierNode.owner, ofOtherNode.owner],
      terminating: [false, true],
      serviceName: [NODE.name, 'another'],
    });
    const deleted = cases.filter(({ tracks, ...found }) => {
      const node = tracks === undefined ? fresh : runningNode(trackingOf(tracks));
      return statefulSetSync(node, statefulSet(found)).kind === 'delete-impostor';
    });
    expect(deleted).toEqual(
      cases.filter(
        ({ tracks, owner, terminating }) =>
          tracks === 'another' && !terminating && (owner === undefined || owner.uid === NODE.uid),
      ),
    );
  });

  it('never applies to what another controls, is leaving, is not the tracked one, or does not fit', () => {
    const cases = combinations({
      tracks: [undefined, STATEFUL_SET_UID, 'another'],
      owner: [undefined, statefulSet().owner, ofJob.owner, ofEarlierNode.owner, ofOtherNode.owner],
      terminating: [false, true],
      serviceName: [NODE.name, 'another'],
    });
    const adopted = cases.filter(({ tracks, ...found }) => {
      const node = tracks === undefined ? fresh : runningNode(trackingOf(tracks));
      return statefulSetSync(node, statefulSet(found)).kind === 'apply';
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
