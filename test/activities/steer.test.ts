import { beforeEach, describe, expect, it } from 'vitest';

import type { CommandKind } from '../../domain/plan/steering.ts';
import { dueWork, observationOf } from '../../domain/work/due-work.ts';
import { DEFAULT_SIDECAR, NODE, seiNode, V1, V2 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import {
  driftedBed,
  newBed,
  PLAN,
  replacedBed,
  runningBed,
  served,
  updatingBed,
} from './activity-bed.ts';
import { command } from './steer-scenarios.ts';

let bed: ActivityBed;

const steer = (kind: CommandKind) => bed.run('steer', command(kind));
const due = () =>
  dueWork(observationOf(bed.node), {
    rollOnPlatformSidecarImage: false,
    defaultSidecarImage: DEFAULT_SIDECAR,
  });

beforeEach(async () => {
  bed = await driftedBed();
  bed.cluster.requests.clear();
});

describe('steer', () => {
  it.each([
    ['pause', 'SeiNode n0 is held until resume', 'Held'],
    ['rollback', 'SeiNode n0 is rolled back from sei:v2 to sei:v1', 'RolledBack'],
  ] as const)('does %s in one write, and tells who asked for it', async (kind, message, reason) => {
    expect(await steer(kind)).toEqual({ kind: 'done', message });
    expect(bed.cluster.requests.changes.map(({ method }) => method)).toEqual([
      'patchNodeStatus',
      'createEvent',
    ]);
    expect(bed.cluster.events.at(-1)).toMatchObject({
      type: 'Normal',
      reason,
      message: `${message} (kim: because)`,
    });
    expect(bed.node.status?.history?.[0]).toMatchObject({ actor: 'kim', reason: 'because' });
  });

  it.each(['pause', 'rollback'] as const)(
    'does %s once, however often it is asked',
    async (kind) => {
      const once = await steer(kind);
      bed.advanceClock(60);
      bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
      bed.cluster.requests.clear();
      expect(await steer(kind)).toEqual(once);
      expect(bed.cluster.requests.changes).toEqual([]);
    },
  );

  it('never writes to spec', async () => {
    const { spec, metadata } = bed.node;
    for (const kind of ['pause', 'resume', 'retry', 'rollback'] as const) await steer(kind);
    expect(bed.node.spec).toEqual(spec);
    expect(bed.node.metadata.generation).toBe(metadata.generation);
  });

  it('decides from the node as it is when somebody writes in between', async () => {
    bed.cluster.requests.before('patchNodeStatus', () => {
      bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    });
    expect(await steer('rollback')).toMatchObject({
      message: expect.stringContaining('sei:v3') as string,
    });
    expect(bed.node.status?.rollback?.rejectedImage).toBe('sei:v3');
  });

  it('ends where the node is gone or is another one', async () => {
    const another = { ...command('pause'), node: { ...NODE, uid: 'another' } };
    expect(await bed.run('steer', another)).toEqual({ kind: 'gone' });
    bed.cluster.removeNode(NODE);
    expect(await steer('pause')).toEqual({ kind: 'gone' });
  });
});

describe('pause and resume', () => {
  it('hold the node, and let go of it', async () => {
    await steer('pause');
    expect(due()).toMatchObject({ kind: 'held', hold: { actor: 'kim', reason: 'because' } });
    bed.advanceClock(60);
    expect(await steer('resume')).toEqual({
      kind: 'done',
      message: 'SeiNode n0 is not held any more',
    });
    expect(due()).toMatchObject({ kind: 'nodeUpdate' });
    expect(bed.node.status?.history?.map(({ outcome }) => outcome)).toEqual(['Resumed', 'Held']);
  });

  it('hold a node that has no status yet', async () => {
    bed = await newBed();
    await steer('pause');
    expect(due().kind).toBe('held');
  });

  it('find done what is asked for twice, and say so', async () => {
    expect(await steer('resume')).toEqual({
      kind: 'done',
      message: 'nothing to resume: SeiNode n0 is not held',
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('say who holds the node already, and that nothing holds up a deletion', async () => {
    const { command: asked, ...rest } = command('pause');
    await bed.run('steer', { ...rest, command: { ...asked, actor: 'jo', reason: 'first' } });
    expect(await steer('pause')).toMatchObject({
      kind: 'done',
      message: expect.stringContaining('as before by jo (first)') as string,
    });
    expect(await steer('rollback')).toMatchObject({
      message: expect.stringContaining('once somebody sends resume') as string,
    });
    bed = await runningBed();
    bed.cluster.deleteNode(NODE);
    expect(await steer('pause')).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('is being deleted') as string,
    });
    expect(bed.node.status?.hold).toBeUndefined();
  });

  it('answer the same where only the answer was lost', async () => {
    await steer('pause');
    await steer('resume');
    bed.cluster.requests.clear();
    expect(await bed.run('steer', command('resume'), 2)).toEqual({
      kind: 'done',
      message: 'SeiNode n0 is not held any more',
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});

describe('retry', () => {
  it('changes nothing about a node that can be tried again as it is', async () => {
    expect(await steer('retry')).toEqual({ kind: 'done', message: 'SeiNode n0 is tried now' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('says what a held node waits for, and that it was not tried', async () => {
    await steer('pause');
    bed.cluster.requests.clear();
    expect(await steer('retry')).toEqual({
      kind: 'refused',
      message: 'nothing to retry: SeiNode n0 is held by kim (because); send resume first',
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('says that a healthy node has nothing to retry', async () => {
    bed = await runningBed();
    bed.cluster.requests.clear();
    expect(await steer('retry')).toMatchObject({
      kind: 'done',
      message: expect.stringMatching(
        /^nothing to retry: the node is as its spec wants it/,
      ) as string,
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('ends a rollback, so that the rejected image is tried again', async () => {
    await steer('rollback');
    expect(due()).not.toMatchObject({ target: { image: V2 } });
    expect(await steer('retry')).toMatchObject({
      kind: 'done',
      message: 'SeiNode n0 tries sei:v2 again: the rollback to sei:v1 is over',
    });
    expect(due()).toMatchObject({ kind: 'nodeUpdate', target: { image: V2 } });
    expect(bed.node.status?.history?.map(({ outcome }) => outcome)).toEqual([
      'Retried',
      'RolledBack',
    ]);
    bed.cluster.requests.clear();
    await steer('retry');
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('gets a node out of phase Failed', async () => {
    bed.cluster.editStatus(NODE, { phase: 'Failed' });
    await steer('retry');
    expect(bed.node.status?.phase).toBe('Pending');
    expect(bed.cluster.events.at(-1)?.reason).toBe('Retried');
  });
});

describe('a rollback by the deadline', () => {
  const late = (planId = command('rollback').planId) =>
    bed.run('steer', { ...command('rollback'), planId, by: 'deadline' });

  it('goes back to what worked, once, and answers the same when asked twice', async () => {
    bed = await updatingBed();
    const once = await late();
    expect(once).toEqual({
      kind: 'done',
      message: 'SeiNode n0 is rolled back from sei:v2 to sei:v1',
    });
    expect(await late()).toEqual(once);
    expect(bed.node.status?.history).toHaveLength(1);
  });

  it('is refused once the update is complete, and for another plan', async () => {
    const replaced = await replacedBed();
    ({ bed } = replaced);
    expect(await late('another')).toMatchObject({ kind: 'refused' });
    bed.cluster.settle();
    await served(bed, replaced.rollout);
    await bed.run('finishUpdate', PLAN);
    expect(await late()).toEqual({
      kind: 'refused',
      message: 'the update is not under way any more',
    });
    expect(bed.node.status).not.toHaveProperty('rollback');
  });
});

describe('rollback', () => {
  it('turns the target to what still runs, in the middle of an update', async () => {
    bed = await updatingBed();
    await steer('rollback');
    expect(due()).toMatchObject({ kind: 'nodeUpdate', target: { image: V1 } });
  });

  it('turns it back once spec asks for another image', async () => {
    await steer('rollback');
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(due()).toMatchObject({ target: { image: 'sei:v3' } });
    await bed.run('beginUpdate', { ...command('rollback'), workflowId: 'w' });
    expect(bed.node.status).not.toHaveProperty('rollback');
    bed.cluster.editSpec(NODE, { image: V2 });
    expect(due()).toMatchObject({ target: { image: V2 } });
  });

  it.each([
    ['that runs its first image', runningBed],
    ['that has never run', newBed],
  ])('is refused for a node %s, with what to do in place of it', async (_, open) => {
    bed = await open();
    const { image } = seiNode().spec;
    expect(await steer('rollback')).toEqual({
      kind: 'refused',
      message: `no image is recorded that ran before ${image}; set spec.image of SeiNode n0 instead`,
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});
