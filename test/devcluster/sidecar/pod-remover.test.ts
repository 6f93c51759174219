import { describe, expect, it, vi } from 'vitest';

import { podRemover } from '../../../devcluster/sidecar/pod-remover.ts';
import type { Pod } from '../../../devcluster/sidecar/pod.ts';
import { aPod } from './a-pod.ts';

type Metadata = Partial<Pod['metadata']>;

const LEAVING = { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 };

function pod(metadata: Metadata, image = 'sei:v1'): Pod {
  const plain = aPod({ image });
  return { ...plain, metadata: { ...plain.metadata, ...metadata } };
}

async function removedOf(
  ...changes: readonly Parameters<ReturnType<typeof podRemover>>[0][]
): Promise<readonly string[]> {
  const removed: string[] = [];
  const follow = podRemover(async ({ metadata }) => {
    removed.push(metadata.uid);
    return 'settled';
  });
  for (const change of changes) follow(change);
  await Promise.resolve();
  return removed;
}

describe('a pod', () => {
  it('that is asked to go is removed', async () => {
    const leaving = pod({ uid: 'u1', ...LEAVING });
    expect(await removedOf({ kind: 'added', object: leaving })).toEqual(['u1']);
  });

  it.each<[string, Metadata, string]>([
    ['nobody asks to go', {}, 'sei:v1'],
    ['is being removed without a grace', { ...LEAVING, deletionGracePeriodSeconds: 0 }, 'sei:v1'],
    ['does not mind the signal', LEAVING, 'ghcr.io/sei:slow-terminate'],
    ['does not mind the signal either', LEAVING, 'ghcr.io/sei:slow-terminate-2'],
  ])('that %s stays', async (_, metadata, image) => {
    expect(await removedOf({ kind: 'added', object: pod(metadata, image) })).toEqual([]);
  });

  it('that did not mind the signal goes once it is healed', async () => {
    const annotations = { 'devcluster.sei.io/healed': 'true' };
    const healed = pod({ uid: 'u1', ...LEAVING, annotations }, 'ghcr.io/sei:slow-terminate');
    expect(await removedOf({ kind: 'added', object: healed })).toEqual(['u1']);
  });

  it('is removed once, however often it is seen to leave', async () => {
    const changes = ['1', '2', '3'].map((resourceVersion) => ({
      kind: 'added' as const,
      object: pod({ uid: 'u1', resourceVersion, ...LEAVING }),
    }));
    expect(await removedOf(...changes)).toEqual(['u1']);
  });

  it('is removed again until that succeeds', async () => {
    const remove = vi.fn<() => Promise<'settled' | 'failed'>>();
    remove.mockResolvedValueOnce('failed').mockResolvedValueOnce('settled');
    podRemover(remove)({ kind: 'added', object: pod(LEAVING) });
    await vi.waitFor(() => expect(remove).toHaveBeenCalledTimes(2), { timeout: 15_000 });
  });
});
