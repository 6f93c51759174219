import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { AwaitPodsGoneInput } from '../../activities/contract/rollout.ts';
import type { ConditionType } from '../../domain/node/condition.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { FINALIZER } from '../../domain/node/sei-node.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed, Running } from './activity-bed.ts';
import { PLAN } from './activity-bed.ts';
import { deletedBed, orphanedBed } from './delete-scenarios.ts';
import { pausedBed } from './sync-scenarios.ts';

const POD = { namespace: NODE.namespace, name: 'n0-0' };

let bed: ActivityBed;
let running: Running<'awaitPodsGone'> | undefined;

afterEach(() => running?.cancel());

function start(because: AwaitPodsGoneInput['because'], known?: AwaitPodsGoneInput['known']) {
  running = bed.start('awaitPodsGone', { ...PLAN, because, known });
  return running;
}

const condition = (type: ConditionType) => findCondition(bed.node.status?.conditions, type);
const says = (text: string) => vi.waitFor(() => expect(said()).toContain(text), 5_000);
const said = () => condition('Ready')?.message ?? '';
const isTold = () => vi.waitFor(() => expect(running?.heartbeats.length).toBeGreaterThan(0), 5_000);

describe('await-pods-gone of a deleted node', () => {
  beforeEach(async () => {
    bed = await deletedBed();
    await bed.run('deleteStatefulSet', PLAN);
  });

  it('waits for the pod, and says which, where and since when', async () => {
    const { result } = start('deleted');
    await says('waits for pod n0-0 on machine machine, which has not been asked to stop yet');
    bed.cluster.collectGarbage();
    await says('terminating since 2026-01-01T12:00:00Z');
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'Terminating' });
    bed.cluster.kubelet.endPods();
    expect(await result).toEqual({ kind: 'none-left' });
    expect(bed.cluster.requests.of('deletePod')).toEqual([]);
  });

  it('reports a pod that is beyond its grace, and the end of that', async () => {
    bed.cluster.collectGarbage();
    bed.advanceClock(3_600);
    const end = await start('deleted').result;
    expect(end).toMatchObject({ kind: 'blocked', trouble: { reason: 'PodTerminating' } });
    const { result } = start('deleted', end.kind === 'blocked' ? end.trouble : undefined);
    await isTold();
    bed.cluster.kubelet.endPods();
    expect(await result).toEqual({ kind: 'none-left' });
  });

  it('believes no cache that shows no pod', async () => {
    bed.cluster.cache.freeze('pod');
    bed.cluster.settle();
    expect(await start('deleted').result).toEqual({ kind: 'none-left' });
    bed = await deletedBed();
    await bed.run('deleteStatefulSet', PLAN);
    bed.cluster.relabelPod(POD, { 'sei.io/node': 'none' });
    const { result } = start('deleted');
    await says('pod n0-0');
    bed.cluster.deletePod(POD);
    bed.cluster.kubelet.endPods();
    bed.advanceClock(10);
    expect(await result).toEqual({ kind: 'none-left' });
  });

  it('waits for nothing where the deletion asks for all to stay', async () => {
    bed = await deletedBed();
    bed.cluster.setFinalizers(NODE, [FINALIZER, 'orphan']);
    expect(await start('deleted').result).toEqual({ kind: 'none-left' });
    bed.cluster.setFinalizers(NODE, [FINALIZER]);
    bed.cluster.disownStatefulSet(NODE);
    expect(await start('deleted').result).toEqual({ kind: 'none-left' });
    expect(bed.cluster.requests.changes.map(({ method }) => method)).toEqual([]);
  });

  it('has a StatefulSet of the node deleted that was made since', async () => {
    bed = await deletedBed();
    expect(await start('deleted').result).toEqual({ kind: 'superseded' });
  });

  it('ends where the node is gone', async () => {
    const { result } = start('deleted');
    await isTold();
    bed.cluster.removeNode(NODE);
    expect(await result).toEqual({ kind: 'gone' });
  });
});

describe('await-pods-gone of a deleted node whose pod was left behind', () => {
  it('asks that pod to stop, once, and waits for it', async () => {
    bed = await orphanedBed();
    const { result } = start('deleted');
    await says('terminating since');
    bed.cluster.kubelet.endPods();
    expect(await result).toEqual({ kind: 'none-left' });
    expect(bed.cluster.requests.of('deletePod')).toHaveLength(1);
    expect(bed.cluster.events.map(({ reason }) => reason)).toContain('OrphanedPodDeleted');
  });

  it('leaves a pod alone whose node has let go of all that it owned', async () => {
    bed = await orphanedBed();
    bed.cluster.disown('services', NODE);
    expect(await start('deleted').result).toEqual({ kind: 'none-left' });
    expect(bed.cluster.requests.of('deletePod')).toEqual([]);
  });

  it('leaves a pod alone that merely has the name, and names it', async () => {
    bed = await orphanedBed();
    bed.cluster.relabelPod(POD, { 'sei.io/node': 'none' });
    expect(await start('deleted').result).toMatchObject({
      kind: 'blocked',
      trouble: { reason: 'ForeignPod', message: expect.stringContaining('n0-0') as string },
    });
    expect(bed.cluster.requests.of('deletePod')).toEqual([]);
  });

  it('leaves one alone that has taken its place right before the deletion', async () => {
    bed = await orphanedBed();
    bed.cluster.requests.before('deletePod', () => {
      bed.cluster.relabelPod(POD, { 'sei.io/node': 'n0', of: 'others' });
    });
    await expect(start('deleted').result).rejects.toMatchObject({ nonRetryable: false });
    expect(bed.cluster.pods(NODE)[0]?.deletionTimestamp).toBeUndefined();
  });
});

describe('await-pods-gone of a paused node', () => {
  beforeEach(async () => {
    bed = await pausedBed();
  });

  it('waits for the pod, and says which, where and since when', async () => {
    const { result } = start('paused');
    await says('waits for pod n0-0 on machine machine');
    expect(condition('Paused')).toMatchObject({ status: 'False', reason: 'ScalingDown' });
    bed.cluster.controller.createPods();
    await says('terminating since 2026-01-01T12:00:00Z');
    bed.cluster.settle();
    expect(await result).toEqual({ kind: 'none-left' });
    expect(condition('Paused')).toMatchObject({ status: 'False', reason: 'ScalingDown' });
  });

  it('waits for a controller that may make a pod yet, for want of having seen the pause', async () => {
    bed.cluster.deletePod(POD);
    bed.cluster.kubelet.endPods();
    expect(bed.cluster.pods(NODE)).toEqual([]);
    const { result } = start('paused');
    await isTold();
    expect(running?.heartbeats.at(-1)).toContain('the StatefulSet controller');
    bed.cluster.controller.observe();
    expect(await result).toEqual({ kind: 'none-left' });
  });

  it.each<[string, () => void, string]>([
    ['is not paused any more', () => bed.cluster.editSpec(NODE, { paused: false }), 'superseded'],
    [
      'is scaled up by somebody',
      () => bed.cluster.editStatefulSet(NODE, { replicas: 1 }),
      'superseded',
    ],
    ['is deleted', () => bed.cluster.deleteNode(NODE), 'gone'],
  ])('ends where the node %s', async (_, happens, kind) => {
    const { result } = start('paused');
    await isTold();
    happens();
    expect(await result).toEqual({ kind });
  });
});
