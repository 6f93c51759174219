import { beforeEach, describe, expect, it } from 'vitest';

import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { SeiNodeSpec } from '../../domain/node/sei-node.ts';
import { FINALIZER } from '../../domain/node/sei-node.ts';
import { NODE, NOW } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { BEGIN, runningBed } from './activity-bed.ts';

let bed: ActivityBed;

beforeEach(async () => {
  bed = await runningBed();
});

const begin = () => bed.run('beginDelete', BEGIN);

describe('begin-delete', () => {
  it.each<[string, { spec?: Partial<SeiNodeSpec>; status?: SeiNodeStatus }]>([
    ['that runs', {}],
    ['that is paused', { spec: { paused: true } }],
    ['that is held', { status: { hold: { reason: 'r', actor: 'a', since: NOW } } }],
    ['that has failed', { status: { phase: 'Failed' } }],
    ['that is coming up', { status: { phase: 'Initializing' } }],
    ['whose spec cannot be rendered', { spec: { chainId: 'not a label' } }],
  ])('takes a deleted node down %s', async (_, { spec = {}, status = {} }) => {
    bed.cluster.editSpec(NODE, spec);
    bed.cluster.editStatus(NODE, status);
    bed.cluster.deleteNode(NODE);
    expect(await begin()).toEqual({ kind: 'begun' });
    expect(bed.node.status).toMatchObject({ phase: 'Terminating', phaseTransitionTime: NOW });
  });

  it.each<[string, () => void, readonly string[]]>([
    ['stays', () => bed.cluster.setFinalizers(NODE, [FINALIZER, 'orphan']), ['Orphaned']],
    ['has been let go already', () => bed.cluster.disown('services', NODE), ['Orphaned']],
    ['goes', () => undefined, []],
    ['is gone', () => bed.cluster.deleteStatefulSet(NODE), []],
  ])('says whether what the node consists of %s', async (_, happens, told) => {
    bed.cluster.deleteNode(NODE);
    happens();
    const before = bed.cluster.events.length;
    expect(await begin()).toEqual({ kind: 'begun' });
    expect(bed.cluster.events.slice(before).map(({ reason }) => reason)).toEqual(told);
  });

  it('is not due for a node that nobody has deleted', async () => {
    expect(await begin()).toMatchObject({ kind: 'not-due', due: { kind: 'nothing' } });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('is not due for a node that others hold back', async () => {
    bed.cluster.setFinalizers(NODE, ['theirs']);
    bed.cluster.deleteNode(NODE);
    expect(await begin()).toMatchObject({ kind: 'not-due', due: { kind: 'nothing' } });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('sees a deletion that its cache does not show yet', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.deleteNode(NODE);
    expect(await begin()).toEqual({ kind: 'begun' });
  });

  it('ends where the node is gone or is another one of its name', async () => {
    const another = { ...BEGIN, node: { ...NODE, uid: 'another' } };
    bed.cluster.deleteNode(NODE);
    expect(await bed.run('beginDelete', another)).toEqual({ kind: 'gone' });
    bed.cluster.removeNode(NODE);
    expect(await begin()).toEqual({ kind: 'gone' });
  });
});
