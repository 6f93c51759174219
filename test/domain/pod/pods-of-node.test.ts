import { describe, expect, it } from 'vitest';

import type { SeenPods } from '../../../domain/pod/pods-of-node.ts';
import { describeLeft, leftTrouble, podsOfNode } from '../../../domain/pod/pods-of-node.ts';
import type { PodParts, SeiNodeParts } from '../../support/sei-node.ts';
import { NODE, NOW, pod, runningNode, seiNode, statefulSet } from '../../support/sei-node.ts';

const OF_OTHERS = statefulSet({ uid: 'theirs', owner: undefined });
const UNLABELLED = { node: undefined } as const;

interface Case {
  readonly is: string;
  /** Default: the pod that the node's StatefulSet has made. */
  readonly pod: PodParts;
  /** Default: the node's own. */
  readonly statefulSet?: SeenPods['statefulSet'] | 'none';
  readonly node?: SeiNodeParts;
  readonly kind: 'owned' | 'orphaned' | 'others' | undefined;
}

const CASES: readonly Case[] = [
  { is: "of the node's StatefulSet", pod: {}, kind: 'owned' },
  { is: 'that is being deleted', pod: { deletionTimestamp: NOW }, kind: 'owned' },
  { is: 'that has ended', pod: { phase: 'Failed' }, kind: 'owned' },
  { is: 'whose StatefulSet is gone', pod: {}, statefulSet: 'none', kind: 'owned' },
  { is: 'of a StatefulSet from before', pod: { statefulSetUid: 'before' }, kind: 'owned' },
  {
    is: 'that has lost its label',
    pod: UNLABELLED,
    kind: 'owned',
  },
  {
    is: 'that its StatefulSet has left behind',
    pod: { statefulSetUid: undefined },
    statefulSet: 'none',
    kind: 'orphaned',
  },
  {
    is: 'of its name without a label and a controller',
    pod: { ...UNLABELLED, statefulSetUid: undefined },
    kind: 'others',
  },
  { is: 'of another name with its label', pod: { name: 'debug' }, kind: 'others' },
  {
    is: 'of another name with its label, of nobody',
    pod: { name: 'n0-1', statefulSetUid: undefined },
    kind: 'others',
  },
  {
    is: 'of its name without a label, of another controller',
    pod: { ...UNLABELLED, statefulSetUid: 'another' },
    kind: undefined,
  },
  {
    is: 'of a StatefulSet that has the name and never was its own',
    pod: { statefulSetUid: OF_OTHERS.uid },
    statefulSet: OF_OTHERS,
    node: { status: { statefulSet: undefined } as object },
    kind: undefined,
  },
  {
    is: 'of a StatefulSet that has taken the place of its own',
    pod: { statefulSetUid: OF_OTHERS.uid },
    statefulSet: OF_OTHERS,
    kind: 'others',
  },
  {
    is: 'of one that has, and is to be deleted as an impostor',
    pod: { statefulSetUid: OF_OTHERS.uid },
    statefulSet: OF_OTHERS,
    node: { status: { statefulSet: undefined, impostor: { name: 'n0', uid: 'theirs' } } as object },
    kind: 'others',
  },
  {
    is: 'of a StatefulSet that is not its own any more',
    pod: {},
    statefulSet: statefulSet({ owner: undefined }),
    kind: undefined,
  },
  {
    is: 'of a StatefulSet that is not its own, and goes',
    pod: { statefulSetUid: OF_OTHERS.uid },
    statefulSet: { ...OF_OTHERS, terminating: true },
    kind: 'owned',
  },
  {
    is: 'that was left behind under a name that another StatefulSet has',
    pod: { statefulSetUid: undefined },
    statefulSet: OF_OTHERS,
    kind: 'orphaned',
  },
];

describe('podsOfNode', () => {
  it.each(CASES)('makes of a pod $is: $kind', ({ pod: parts, kind, ...around }) => {
    const found = pod(parts);
    const isNamed = found.name === `${NODE.name}-0`;
    const set = around.statefulSet ?? statefulSet();
    const seen: SeenPods = {
      labelled: found.node === NODE.name ? [found] : [],
      named: isNamed ? found : undefined,
      statefulSet: set === 'none' ? undefined : set,
    };
    expect(podsOfNode(runningNode(around.node), seen)).toEqual(
      kind === undefined ? [] : [{ kind, pod: found }],
    );
  });

  it('takes the pod of a node that tracks nothing for others, but by its label', () => {
    const seen = { labelled: [], named: pod(UNLABELLED), statefulSet: undefined };
    expect(podsOfNode(seiNode(), seen)).toEqual([]);
    expect(podsOfNode(seiNode(), { ...seen, labelled: [pod()], named: pod() })).toHaveLength(1);
  });
});

describe('describeLeft', () => {
  it.each<[string, PodParts, string]>([
    [
      'goes',
      { deletionTimestamp: '2026-01-01T12:02:00Z', deletionGraceSeconds: 120 },
      'pod n0-0 on machine machine-0, terminating since 2026-01-01T12:00:00Z',
    ],
    [
      'is on no machine',
      { machine: undefined },
      'pod n0-0 on no machine yet, which has not been asked to stop yet',
    ],
  ])('says of a pod that %s where it is and since when', (_, parts, text) => {
    expect(describeLeft([{ kind: 'owned', pod: pod(parts) }])).toBe(text);
  });

  it('names all of them', () => {
    const others = { kind: 'others', pod: pod({ name: 'debug' }) } as const;
    expect(describeLeft([{ kind: 'owned', pod: pod() }, others])).toBe(
      'pod n0-0 on machine machine-0, which has not been asked to stop yet, and for pod debug on machine machine-0, which this operator never ends',
    );
  });
});

describe('leftTrouble', () => {
  const nowMs = Date.parse(NOW);
  const troubleOf = (kind: 'owned' | 'others', parts: PodParts) =>
    leftTrouble([{ kind, pod: pod(parts) }], nowMs);

  it('is none for a pod that nobody has deleted yet, or within its grace', () => {
    expect(troubleOf('owned', {})).toBeUndefined();
    expect(troubleOf('owned', { deletionTimestamp: NOW })).toBeUndefined();
    expect(troubleOf('others', { deletionTimestamp: NOW })).toBeUndefined();
  });

  it('names the machine of a pod that is beyond its grace', () => {
    const trouble = troubleOf('owned', { deletionTimestamp: '2026-01-01T11:59:00.000Z' });
    expect(trouble?.reason).toBe('PodTerminating');
    expect(trouble?.message).toMatch(/pod n0-0 .*; machine machine-0 may still run it$/);
  });

  it('names a pod that no part of the operator will ever end', () => {
    expect(troubleOf('others', { name: 'debug' })).toMatchObject({
      reason: 'ForeignPod',
      message: expect.stringContaining('pod debug') as string,
    });
  });
});
