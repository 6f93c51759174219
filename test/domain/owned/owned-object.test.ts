import { describe, expect, it } from 'vitest';

import type { OwnerView } from '../../../domain/node/owner-view.ts';
import type { FoundKind, FoundObject } from '../../../domain/owned/owned-object.ts';
import { importOwnership, ownershipOf } from '../../../domain/owned/owned-object.ts';
import { NODE, runningNode, seiNode, STATEFUL_SET_UID } from '../../support/sei-node.ts';

const KINDS: readonly FoundKind[] = [
  'StatefulSet',
  'Service',
  'ConfigMap',
  'PersistentVolumeClaim',
];
const OURS = { 'sei.io/node': 'n0', 'sei.io/chain': 'pacific-1' };

function owner(parts: Partial<OwnerView> = {}): OwnerView {
  const { name, uid } = NODE;
  const apiVersion = 'sei.io/v1alpha1';
  return { apiVersion, kind: 'SeiNode', name, uid, controller: true, ...parts };
}

const earlier = owner({ uid: 'earlier' });
const job = owner({ apiVersion: 'batch/v1', kind: 'Job', name: 'fill', uid: 'fill' });

interface Parts {
  readonly owners?: readonly OwnerView[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly terminating?: boolean;
  readonly isApplied?: boolean;
  readonly selector?: Readonly<Record<string, string>>;
  readonly uid?: string;
}

/** Returns an object as an operator of SeiNodes has made it for the node, but for its owner. */
function found(kind: FoundKind, parts: Parts = {}): FoundObject {
  const { namespace, name } = NODE;
  const object = {
    namespace,
    name: kind === 'PersistentVolumeClaim' ? `data-${name}` : name,
    uid: 'found',
    resourceVersion: '1',
    terminating: false,
    owners: [],
    labels: OURS,
    isApplied: true,
    selector: { 'sei.io/node': 'n0' },
    ...parts,
  };
  return { ...object, kind };
}

interface Case {
  readonly what: string;
  readonly parts: Parts;
  readonly whose: string;
  /** The owner for the kinds that differ. */
  readonly but?: Partial<Record<FoundKind, string>>;
}

const FOREIGN = 'refuse ForeignOwner';

const CASES: readonly Case[] = [
  { what: 'controlled by the node', parts: { owners: [owner()] }, whose: 'ours' },
  {
    what: 'controlled by the node, without labels',
    parts: { owners: [owner()], labels: {}, isApplied: false, selector: {} },
    whose: 'ours',
  },
  {
    what: 'controlled by the node, with one more owner',
    parts: { owners: [{ ...job, controller: false }, owner()] },
    whose: 'ours',
  },
  {
    what: 'owned by the node that does not control it',
    parts: { owners: [owner({ controller: false })] },
    whose: 'ours',
  },
  {
    what: 'controlled by the node, and leaving',
    parts: { owners: [owner()], terminating: true },
    whose: 'ours',
  },
  { what: 'without an owner, as it was made', parts: {}, whose: 'adoptable nobody' },
  {
    what: 'without an owner, with more labels',
    parts: { labels: { ...OURS, 'velero.io/restore-name': 'r', team: 'infra' } },
    whose: 'adoptable nobody',
  },
  {
    what: 'without an owner, and leaving',
    parts: { terminating: true },
    whose: 'wait',
  },
  {
    what: 'without owner and labels',
    parts: { labels: {} },
    whose: FOREIGN,
    but: { PersistentVolumeClaim: 'adoptable nobody', StatefulSet: 'adoptable nobody' },
  },
  {
    what: 'without owner and labels, with a selector of another',
    parts: { labels: {}, selector: { app: 'web' } },
    whose: FOREIGN,
    but: { PersistentVolumeClaim: 'adoptable nobody' },
  },
  {
    what: 'without an owner, with our label that no operator has applied',
    parts: { isApplied: false },
    whose: FOREIGN,
    but: { PersistentVolumeClaim: 'adoptable nobody', StatefulSet: 'adoptable nobody' },
  },
  {
    what: "without an owner, with another node's labels",
    parts: { labels: { 'sei.io/node': 'n1' } },
    whose: FOREIGN,
  },
  {
    what: "without an owner, with another application's labels",
    parts: { labels: { app: 'web' }, selector: { app: 'web' } },
    whose: FOREIGN,
  },
  {
    what: "another application's, and leaving",
    parts: { labels: { app: 'web' }, selector: { app: 'web' }, terminating: true },
    whose: FOREIGN,
  },
  {
    what: 'of an earlier node of the name',
    parts: { owners: [earlier] },
    whose: 'adoptable earlier node',
  },
  {
    what: 'of an earlier node of the name, without labels',
    parts: { owners: [earlier], labels: {}, isApplied: false },
    whose: 'adoptable earlier node',
  },
  {
    what: 'of an earlier node that does not control it',
    parts: { owners: [{ ...earlier, controller: false }] },
    whose: 'adoptable earlier node',
  },
  {
    what: 'of an earlier node of the name, and leaving',
    parts: { owners: [earlier], terminating: true },
    whose: 'wait',
  },
  {
    what: "of an earlier node of the name, with another node's label",
    parts: { owners: [earlier], labels: { 'sei.io/node': 'n1' } },
    whose: FOREIGN,
  },
  {
    what: 'of an earlier node of the name, and somebody else',
    parts: { owners: [earlier, { ...job, controller: false }] },
    whose: FOREIGN,
  },
  {
    what: 'of another node',
    parts: { owners: [owner({ name: 'n1', uid: 'n1' })] },
    whose: FOREIGN,
  },
  {
    what: 'of a SeiNode of another API',
    parts: { owners: [owner({ apiVersion: 'other.io/v1', uid: 'x' })] },
    whose: FOREIGN,
  },
  { what: 'of another controller', parts: { owners: [job] }, whose: FOREIGN },
  {
    what: 'of another owner that controls nothing',
    parts: { owners: [{ ...job, controller: false }] },
    whose: FOREIGN,
  },
];

describe.each(KINDS)('a %s under a name of the node', (kind) => {
  it.each(CASES)('$what', ({ parts, whose, but }) => {
    const ownership = ownershipOf(seiNode(), found(kind, parts));
    const more = 'from' in ownership ? ownership.from : 'type' in ownership ? ownership.type : '';
    expect(`${ownership.kind} ${more}`.trim()).toBe(but?.[kind] ?? whose);
  });
});

describe('the StatefulSet that the node tracks', () => {
  const tracked = (parts: Parts) =>
    ownershipOf(runningNode(), found('StatefulSet', { uid: STATEFUL_SET_UID, ...parts })).kind;

  it('stays the node’s whatever somebody has taken off it', () => {
    expect(tracked({ labels: {} })).toBe('ours');
    expect(tracked({ labels: { 'sei.io/node': 'n1' } })).toBe('ours');
  });

  it('is not, once another controls it', () => {
    expect(tracked({ owners: [job] })).toBe('refuse');
  });
});

describe('a refusal', () => {
  const messageOf = (object: FoundObject) => {
    const ownership = ownershipOf(seiNode(), object);
    return ownership.kind === 'refuse' ? ownership.message : undefined;
  };

  it('names the object, whose it is, and what to do', () => {
    expect(messageOf(found('Service', { owners: [job] }))).toBe(
      'Service n0 exists and belongs to Job fill: delete it, or give the SeiNode another name',
    );
    expect(messageOf(found('ConfigMap', { labels: { app: 'shop', tier: 'web' } }))).toBe(
      'ConfigMap n0 exists and is not of this SeiNode (labels app=shop, tier=web): delete it, or give the SeiNode another name',
    );
  });

  it('advises nobody to delete a claim', () => {
    expect(messageOf(found('PersistentVolumeClaim', { owners: [job] }))).toBe(
      "PersistentVolumeClaim data-n0 exists and belongs to Job fill: take that owner off it if its data is this node's, or give the SeiNode another name",
    );
    expect(messageOf(found('PersistentVolumeClaim', { labels: { app: 'web' } }))).toBe(
      "PersistentVolumeClaim data-n0 exists and is not of this SeiNode (labels app=web): label it sei.io/node=n0 if its data is this node's, or give the SeiNode another name",
    );
  });
});

describe('a claim that the node imports', () => {
  const claim = (owners: readonly OwnerView[]) => found('PersistentVolumeClaim', { owners });

  it.each([
    ['nobody owns', []],
    ['a controller of volumes owns', [job]],
  ])('may be one that %s', (_, owners) => {
    expect(importOwnership(seiNode(), claim(owners)).kind).toBe('ours');
  });

  it('may not be what was made for the node itself, which would be deleted with it', () => {
    expect(importOwnership(seiNode(), claim([owner()]))).toMatchObject({
      kind: 'refuse',
      message: expect.stringMatching(/made it or adopted it.*leave out the import$/) as string,
    });
  });

  it.each([
    ['n1', /belongs to SeiNode n1, which has it as its data: import another claim$/],
    ['n0', /belongs to SeiNode n0, which is gone: take the owner reference off the claim/],
  ])('may not be one of SeiNode %s', (name, message) => {
    expect(importOwnership(seiNode(), claim([owner({ name, uid: 'another' })]))).toMatchObject({
      kind: 'refuse',
      type: 'ForeignOwner',
      message: expect.stringMatching(message) as string,
    });
  });
});
