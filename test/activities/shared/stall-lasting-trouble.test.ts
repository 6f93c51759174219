import { beforeEach, describe, expect, it } from 'vitest';

import { findCondition } from '../../../domain/node/condition.ts';
import { TransportError } from '../../../kubernetes/api/errors.ts';
import { platform } from '../../manifests/fixtures.ts';
import { conflict, refusal } from '../../support/cluster/refusals.ts';
import { NODE } from '../../support/sei-node.ts';
import type { ActivityBed } from '../activity-bed.ts';
import { initBed, PLAN, TO_V1, TO_V2, updatingBed } from '../activity-bed.ts';

const WORDS = 'Internal error occurred: failed calling webhook "policy.example.com"';
const down = () => refusal({ code: 500, reason: 'InternalError', message: WORDS });

let bed: ActivityBed;
beforeEach(async () => {
  bed = await updatingBed();
});

const apply = (attempt: number, retriedSeconds: number) => {
  const { generation } = bed.node.metadata;
  const input = { ...PLAN, target: TO_V2, generation };
  return bed.start('applyStatefulSet', input, attempt, retriedSeconds).result;
};
const stalled = () => findCondition(bed.node.status?.conditions, 'Stalled');

describe('an API server that answers with errors again and again', () => {
  it('stalls the node in its words, and the step is still retried', async () => {
    bed.cluster.requests.refuse('applyStatefulSet', down());
    await expect(apply(7, 12)).rejects.toMatchObject({ nonRetryable: false, type: 'unavailable' });
    expect(stalled()).toMatchObject({ status: 'True', reason: 'ApiServerError', message: WORDS });
    expect(findCondition(bed.node.status?.conditions, 'Ready')?.reason).toBe('ApiServerError');
    expect(bed.cluster.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'Stalled' });
  });

  it.each([401, 404, 406, 413, 451])(
    'stalls the node where a policy denies with %i',
    async (code) => {
      const denied = refusal({ code, reason: 'Denied', message: 'denied by policy', name: 'n0' });
      bed.cluster.requests.refuse('applyStatefulSet', denied);
      await expect(apply(7, 12)).rejects.toMatchObject({ nonRetryable: false });
      expect(stalled()).toMatchObject({ reason: 'ApiServerError', message: 'denied by policy' });
    },
  );

  it('stalls a node at its birth, too', async () => {
    bed = await initBed();
    bed.cluster.requests.refuse('applyStatefulSet', down());
    const input = { ...PLAN, target: TO_V1, generation: bed.node.metadata.generation };
    await expect(bed.start('applyStatefulSet', input, 2, 20).result).rejects.toBeDefined();
    expect(stalled()?.reason).toBe('ApiServerError');
  });

  it('is recorded once', async () => {
    for (const attempt of [7, 8]) {
      bed.cluster.requests.refuse('applyStatefulSet', down());
      await expect(apply(attempt, 12)).rejects.toBeDefined();
    }
    expect(bed.cluster.requests.of('patchNodeStatus', 'createEvent')).toHaveLength(2);
  });

  it('is over when the step gets through', async () => {
    bed.cluster.requests.refuse('applyStatefulSet', down());
    await expect(apply(7, 12)).rejects.toBeDefined();
    await apply(8, 25);
    expect(stalled()?.status).toBe('False');
  });

  it.each([
    ['for a moment', down(), 2, 3],
    ['at the end of a long wait', down(), 1, 3_600],
    ['not at all', new TransportError('connection refused'), 7, 60],
    ['of a conflict', conflict('statefulsets', 'n0', 'modified'), 7, 60],
  ])('is not told where it answers so %s', async (_, error, attempt, retriedSeconds) => {
    bed.cluster.requests.refuse('applyStatefulSet', error);
    await apply(attempt, retriedSeconds).catch(() => undefined);
    expect(stalled()).toBeUndefined();
  });

  it('does not fail otherwise where not even that can be recorded', async () => {
    bed.cluster.requests.refuse('applyStatefulSet', down());
    bed.cluster.requests.refuse('patchNodeStatus', down());
    await expect(apply(7, 12)).rejects.toMatchObject({ message: WORDS });
    expect(stalled()).toBeUndefined();
  });

  it('leaves a stall of another cause alone when the step gets through', async () => {
    const trouble = { reason: 'ImagePullBackOff', message: 'no such image' } as const;
    await bed.run('recordStall', { ...PLAN, trouble });
    await apply(8, 25);
    expect(bed.cluster.node(NODE)?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Stalled', status: 'True', reason: 'ImagePullBackOff' }),
    );
  });

  it('says nothing over what another step has said, which that says once only', async () => {
    const trouble = { reason: 'ImagePullBackOff', message: 'no such image' } as const;
    await bed.run('recordStall', { ...PLAN, trouble });
    bed.cluster.requests.refuse('applyStatefulSet', down());
    await expect(apply(7, 12)).rejects.toBeDefined();
    expect(stalled()).toMatchObject({ status: 'True', ...trouble });
    await apply(8, 25);
    expect(stalled()).toMatchObject({ status: 'True', ...trouble });
  });

  it.each(['told', 'settled'] as const)(
    'is %s by what the node says at the write, not by what the cache says',
    async (end) => {
      const trouble = { reason: 'ImagePullBackOff', message: 'no such image' } as const;
      bed.cluster.requests.refuse('applyStatefulSet', down());
      if (end === 'settled') await apply(7, 12).catch(() => undefined);
      bed.cluster.cache.freeze();
      await bed.run('recordStall', { ...PLAN, trouble });
      await apply(8, 25).catch(() => undefined);
      expect(stalled()).toMatchObject({ status: 'True', ...trouble });
    },
  );
});

describe('a step that waits for something of an earlier object to be gone', () => {
  it('stalls the node, until it is over', async () => {
    bed.cluster.deleteStatefulSet(NODE, 'foreground');
    await expect(apply(7, 12)).rejects.toMatchObject({ nonRetryable: false });
    expect(stalled()).toMatchObject({
      reason: 'WaitingForDeletion',
      message: 'waiting for StatefulSet n0 to be gone',
    });
    bed.cluster.settle();
    expect(await apply(8, 25)).toEqual({ kind: 'again' });
    expect(stalled()?.status).toBe('False');
  });

  it('stalls no node while a pod of the node, which may hold that up, ends within its grace', async () => {
    bed.cluster.deleteStatefulSet(NODE, 'foreground');
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    bed.advanceClock(platform.terminationGraceSeconds);
    await expect(apply(7, 120)).rejects.toMatchObject({ nonRetryable: false });
    expect(stalled()).toBeUndefined();

    bed.advanceClock(4);
    await expect(apply(8, 124)).rejects.toBeDefined();
    expect(stalled()).toMatchObject({ status: 'True', reason: 'WaitingForDeletion' });
    expect(stalled()?.message).toMatch(
      /^waiting for StatefulSet n0 to be gone; pod n0-0 is still terminating after its grace ended/,
    );
  });
});
