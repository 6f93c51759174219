import { beforeEach, describe, expect, it } from 'vitest';

import type { AttemptInput } from '../../activities/contract/plan.ts';
import { FailureType } from '../../domain/failure/failure-type.ts';
import { unavailable } from '../support/cluster/refusals.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, TO_V2, updatingBed } from './activity-bed.ts';
import { renderedStatefulSet, replaceByImpostor } from './rendered-stateful-set.ts';

let bed: ActivityBed;
let attempt: AttemptInput;
let impostor: string;

const pass = () => bed.run('applyStatefulSet', attempt);
const deletes = () => bed.cluster.requests.of('deleteStatefulSet').filter(({ changed }) => changed);
const changes = () => bed.cluster.requests.changes.map(({ method }) => method);

beforeEach(async () => {
  bed = await updatingBed();
  attempt = { ...PLAN, target: TO_V2, generation: 2 };
  impostor = replaceByImpostor(bed);
});

/** As the retry policy does it, until the step has applied. */
async function untilApplied(): Promise<void> {
  for (let attempts = 0; attempts < 60; attempts += 1) {
    const result = await pass().catch(() => ({ kind: 'failed' }));
    if (result.kind === 'applied') return;
    bed.advanceClock(1);
  }
  throw new Error('the step never applied');
}

describe('a StatefulSet of another UID under the name', () => {
  it('is deleted, with the identity cleared first, and nothing is applied yet', async () => {
    expect(await pass()).toEqual({ kind: 'again' });
    expect(changes()).toEqual(['patchNodeStatus', 'deleteStatefulSet', 'createEvent']);
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
    expect(bed.node.status).not.toHaveProperty('statefulSet');
    expect(bed.node.status?.impostor).toEqual({ name: NODE.name, uid: impostor });
    expect(bed.cluster.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'ImpostorDeleted' });
  });

  it('is followed by one of our own in the next pass, and forgotten', async () => {
    await pass();
    expect(await pass()).toMatchObject({ kind: 'applied' });
    const { uid } = bed.cluster.statefulSet(NODE) ?? {};
    expect(uid).not.toBe(impostor);
    expect(bed.node.status?.statefulSet?.uid).toBe(uid);
    expect(bed.node.status).not.toHaveProperty('impostor');
  });

  it('is not deleted while its identity cannot be recorded', async () => {
    bed.cluster.requests.refuse('patchNodeStatus', unavailable());
    await expect(pass()).rejects.toMatchObject({ nonRetryable: false });
    expect(bed.cluster.statefulSet(NODE)?.uid).toBe(impostor);
    expect(bed.node.status?.statefulSet).toBeDefined();
  });

  it.each([
    ['fails', () => bed.cluster.requests.refuse('patchNodeStatus', unavailable())],
    ['is lost after its effect', () => bed.cluster.requests.loseAnswer('patchNodeStatus')],
    [
      'meets another writer',
      () =>
        bed.cluster.requests.before('patchNodeStatus', () =>
          bed.cluster.editStatus(NODE, { phaseTransitionTime: `${Math.random()}` }),
        ),
    ],
  ])('is deleted once when every one of 30 status writes %s', async (_, disturb) => {
    for (let writes = 0; writes < 30; writes += 1) disturb();
    await untilApplied();
    expect(deletes()).toHaveLength(1);
    expect(bed.node.status?.statefulSet?.uid).toBe(bed.cluster.statefulSet(NODE)?.uid);
  });

  it('is deleted once when its deletion is not heard of', async () => {
    bed.cluster.requests.loseAnswer('deleteStatefulSet');
    await untilApplied();
    expect(deletes()).toHaveLength(1);
  });

  it('is not deleted when it becomes the tracked one right before its record', async () => {
    bed.cluster.requests.before('patchNodeStatus', () => {
      bed.cluster.editStatus(NODE, { statefulSet: { name: NODE.name, uid: impostor } });
    });
    await untilApplied();
    expect(deletes()).toEqual([]);
    expect(bed.cluster.statefulSet(NODE)?.uid).toBe(impostor);
  });

  it('is not deleted when another one takes its place right before its deletion', async () => {
    bed.cluster.requests.before('deleteStatefulSet', () => {
      bed.cluster.deleteStatefulSet(NODE);
      bed.cluster.createStatefulSet(renderedStatefulSet(bed));
    });
    await expect(pass()).rejects.toMatchObject({ nonRetryable: false, type: 'conflict' });
    expect(bed.cluster.statefulSet(NODE)).toBeDefined();
  });

  it('is waited for where it leaves slowly', async () => {
    bed.cluster.deleteStatefulSet(NODE);
    bed.cluster.createStatefulSet(renderedStatefulSet(bed, { metadata: { finalizers: ['x'] } }));
    expect(await pass()).toEqual({ kind: 'again' });
    await expect(pass()).rejects.toMatchObject({
      message: 'waiting for StatefulSet n0 to be gone',
    });
    expect(deletes()).toHaveLength(1);
  });

  it("is left alone, for good, where it is somebody else's", async () => {
    bed.cluster.deleteStatefulSet(NODE);
    const owner = { apiVersion: 'v1', kind: 'Other', name: 'x', uid: 'x', controller: true };
    bed.cluster.createStatefulSet(
      renderedStatefulSet(bed, { metadata: { ownerReferences: [owner] } }),
    );
    await expect(pass()).rejects.toMatchObject({
      type: FailureType.ForeignOwner,
      nonRetryable: true,
    });
    expect(changes()).toEqual([]);
  });
});
