import { describe, expect, it } from 'vitest';

import {
  hasNodePodName,
  isNodePod,
  isSurplusPod,
  presenceOf,
} from '../../../domain/pod/node-pod.ts';
import type { PodParts } from '../../support/sei-node.ts';
import { EARLIER, forgedPod, NODE, pod, statefulSet } from '../../support/sei-node.ts';

const NAMES: readonly [string, PodParts, 'own' | 'surplus' | 'neither'][] = [
  ['n0-0 of the StatefulSet', {}, 'own'],
  ['n0-0 of another one', { statefulSetUid: 'another' }, 'neither'],
  ['n0-0 that nobody controls', { statefulSetUid: undefined }, 'neither'],
  ['n0-0 of another namespace', { namespace: 'elsewhere' }, 'neither'],
  ['n0-1, which other ordinals or more replicas make', { name: 'n0-1' }, 'surplus'],
  ['n0-00', { name: 'n0-00' }, 'surplus'],
  ['n0-1 of another StatefulSet', { name: 'n0-1', statefulSetUid: 'another' }, 'neither'],
  ['n0-1 of another namespace', { name: 'n0-1', namespace: 'elsewhere' }, 'neither'],
  ['a forged one', { name: 'zz-forged' }, 'neither'],
  ['a forged one that looks like an ordinal', { name: 'n0-x1' }, 'neither'],
  ['the pod of a node whose name begins alike', { name: 'n0-0-0' }, 'neither'],
  ['one without an ordinal', { name: 'n0-' }, 'neither'],
];

describe.each(NAMES)('the pod %s', (_, parts, what) => {
  it(`is ${what}`, () => {
    expect([isNodePod(pod(parts), statefulSet()), isSurplusPod(pod(parts), statefulSet())]).toEqual(
      [what === 'own', what === 'surplus'],
    );
  });
});

describe('the node’s pod', () => {
  it('is none without a StatefulSet', () => {
    expect(isNodePod(pod(), undefined)).toBe(false);
  });

  it('holds its name, whoever controls it', () => {
    expect(hasNodePodName(pod({ statefulSetUid: 'another' }), NODE)).toBe(true);
    expect(hasNodePodName(forgedPod(), NODE)).toBe(false);
  });
});

describe('a pod that was looked at', () => {
  it.each<[string, PodParts]>([
    ['at the same address', {}],
    ['at a later version', { resourceVersion: '77', ready: false }],
  ])('is there %s', (_, parts) => {
    expect(presenceOf(pod(), pod(parts))).toBe('there');
  });

  it('is there without an address as long as it has none', () => {
    expect(presenceOf(pod({ ip: undefined }), pod({ ip: undefined }))).toBe('there');
  });

  it.each<[string, PodParts, PodParts]>([
    ['has another address', {}, { ip: '10.0.0.2' }],
    ['has lost its address', {}, { ip: undefined }],
    ['has an address by now', { ip: undefined }, {}],
  ])('has moved where it %s', (_, before, now) => {
    expect(presenceOf(pod(before), pod(now))).toBe('moved');
  });

  it.each<[string, PodParts | undefined]>([
    ['is gone', undefined],
    ['is another of its name', { uid: 'another' }],
    ['is being deleted', { deletionTimestamp: EARLIER }],
    ['has ended, and has kept its address', { phase: 'Failed' }],
    ['has come to its end', { phase: 'Succeeded' }],
  ])('is lost where it %s', (_, parts) => {
    expect(presenceOf(pod(), parts && pod(parts))).toBe('lost');
  });
});
