import { beforeEach, describe, expect, it } from 'vitest';

import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { ApiError } from '../../kubernetes/api/api-error.ts';
import { isConflict } from '../../kubernetes/api/errors.ts';
import type { ClusterApi } from '../../kubernetes/cluster.ts';
import { decideNodeStatus, updateNodeStatus } from '../../kubernetes/node-status.ts';

const ref = { namespace: 'default', name: 'n0', uid: 'uid-1' };

function getNode(resourceVersion: string, status?: SeiNodeStatus, uid = ref.uid): SeiNode {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { namespace: ref.namespace, name: ref.name, uid, generation: 3, resourceVersion },
    spec: { chainId: 'c', image: 'seid:a' },
    ...(status && { status }),
  };
}

/** The API with one node, which counts what it is asked. */
class OneNode implements Pick<ClusterApi, 'getNode' | 'patchNodeStatus'> {
  live: SeiNode | undefined = getNode('10');
  reads = 0;
  writes = 0;
  /** Runs before a write is looked at, as somebody else's write would. */
  beforeWrite: () => void = () => undefined;

  async getNode(): Promise<SeiNode | undefined> {
    this.reads += 1;
    return this.live;
  }

  async patchNodeStatus(before: SeiNode, status: SeiNodeStatus): Promise<SeiNode> {
    this.writes += 1;
    this.beforeWrite();
    const { live } = this;
    if (live === undefined) {
      throw new ApiError(404, '{"reason":"NotFound","details":{"name":"n0"}}');
    }
    if (live.metadata.resourceVersion !== before.metadata.resourceVersion) {
      throw new ApiError(409, '{"reason":"Conflict"}');
    }
    const version = String(Number(live.metadata.resourceVersion) + 1);
    this.live = getNode(version, status, live.metadata.uid);
    return this.live;
  }
}

const now = (): Date => new Date('2026-01-01T12:00:00.000Z');

let api: OneNode;
beforeEach(() => {
  api = new OneNode();
});

const running = (node: SeiNode): SeiNodeStatus => ({ ...node.status, phase: 'Running' });
const cacheOf = (node: SeiNode | undefined) => ({ node: () => node });

describe('updateNodeStatus', () => {
  it('writes what is decided, with the generation that it was decided from', async () => {
    const result = await updateNodeStatus({ api, now }, ref, running);
    expect(result).toMatchObject({ kind: 'written', node: api.live });
    expect(api.live?.status).toMatchObject({ phase: 'Running', observedGeneration: 3 });
  });

  it('needs no read when the cache is up to date', async () => {
    const result = await updateNodeStatus({ api, now, cache: cacheOf(api.live) }, ref, running);
    expect(result.kind).toBe('written');
    expect([api.reads, api.writes]).toEqual([0, 1]);
  });

  it('decides again from a live read when the cache was behind', async () => {
    api.live = getNode('11', { currentImage: 'seid:b' });
    const seen: (string | undefined)[] = [];
    const result = await updateNodeStatus(
      { api, now, cache: cacheOf(getNode('10')) },
      ref,
      (node) => {
        seen.push(node.status?.currentImage);
        return running(node);
      },
    );
    expect(result.kind).toBe('written');
    expect(seen).toEqual([undefined, 'seid:b']);
    expect(api.live?.status).toMatchObject({ currentImage: 'seid:b', phase: 'Running' });
  });

  it.each([
    ['nothing', () => undefined],
    ['what is there', (node: SeiNode) => node.status],
  ])('writes nothing when %s is decided, but asks a live read first', async (_, decide) => {
    await updateNodeStatus({ api, now }, ref, running);
    const { reads, writes } = api;
    const result = await updateNodeStatus({ api, now, cache: cacheOf(api.live) }, ref, decide);
    expect(result).toMatchObject({ kind: 'unchanged', node: api.live });
    expect([api.reads - reads, api.writes - writes]).toEqual([1, 0]);
  });

  it('does not believe a cache that has nothing to write', async () => {
    const cache = cacheOf(getNode('9', { phase: 'Running', observedGeneration: 3 }));
    expect((await updateNodeStatus({ api, now, cache }, ref, running)).kind).toBe('written');
    expect(api.live?.status?.phase).toBe('Running');
  });

  it('writes when only the generation has moved on', async () => {
    api.live = getNode('10', { phase: 'Running', observedGeneration: 2 });
    expect((await updateNodeStatus({ api, now }, ref, (node) => node.status)).kind).toBe('written');
    expect(api.live?.status?.observedGeneration).toBe(3);
  });

  it('knows a node as gone when it is missing or another one of its name', async () => {
    api.live = undefined;
    expect(await updateNodeStatus({ api, now }, ref, running)).toEqual({ kind: 'gone' });
    api.live = getNode('20', undefined, 'uid-2');
    expect(await updateNodeStatus({ api, now }, ref, running)).toEqual({ kind: 'gone' });
    expect(api.writes).toBe(0);
  });

  it('does not believe a cache that the node is gone', async () => {
    for (const cached of [undefined, getNode('5', undefined, 'uid-0')]) {
      api.live = getNode('10');
      const result = await updateNodeStatus({ api, now, cache: cacheOf(cached) }, ref, running);
      expect(result.kind).toBe('written');
    }
    expect(api.writes).toBe(2);
  });

  it('finds out that the node was deleted between read and write', async () => {
    api.beforeWrite = () => {
      api.live = undefined;
    };
    expect(await updateNodeStatus({ api, now }, ref, running)).toEqual({ kind: 'gone' });
  });

  it('never writes to a node that has taken the name in between', async () => {
    api.beforeWrite = () => {
      api.live = getNode('30', undefined, 'uid-2');
    };
    expect(await updateNodeStatus({ api, now }, ref, running)).toEqual({ kind: 'gone' });
    expect(api.live?.status).toBeUndefined();
  });

  it('gives up with the conflict when others keep writing', async () => {
    api.beforeWrite = () => {
      api.live = getNode(String(Number(api.live?.metadata.resourceVersion) + 1));
    };
    const failure = await updateNodeStatus({ api, now }, ref, running).catch((err: unknown) => err);
    expect(isConflict(failure)).toBe(true);
    expect([api.reads, api.writes]).toEqual([5, 5]);
  });

  it('hands on any other failure', async () => {
    api.beforeWrite = () => {
      throw new ApiError(403, '{"reason":"Forbidden","message":"no"}');
    };
    await expect(updateNodeStatus({ api, now }, ref, running)).rejects.toMatchObject({ code: 403 });
    expect(api.writes).toBe(1);
  });

  it('hands back what was decided by the call that counted', async () => {
    api.live = getNode('11', { currentImage: 'seid:b' });
    const result = await decideNodeStatus(
      { api, now, cache: cacheOf(getNode('10')) },
      ref,
      (node) => ({
        status: running(node),
        answer: node.status?.currentImage,
      }),
    );
    expect(result).toMatchObject({ kind: 'written', answer: 'seid:b' });
  });

  it('derives Ready, whatever a writer says of it', async () => {
    const says = [
      { type: 'Ready', status: 'True', reason: 'R', message: '', lastTransitionTime: '' },
      {
        type: 'Stalled',
        status: 'True',
        reason: 'Refused',
        message: 'quota',
        lastTransitionTime: '',
      },
    ] as const;
    await updateNodeStatus({ api, now }, ref, (node) => ({ ...running(node), conditions: says }));
    expect(api.live?.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'Refused',
      message: 'quota',
      observedGeneration: 3,
    });
  });

  it('writes a status that is refused for its content without its texts, with its reasons', async () => {
    const refuse = api.patchNodeStatus.bind(api);
    api.patchNodeStatus = (before, status) =>
      JSON.stringify(status).includes('too long')
        ? Promise.reject(new ApiError(422, '{"reason":"Invalid"}'))
        : refuse(before, status);
    const stalled = { type: 'Stalled', status: 'True', lastTransitionTime: '' } as const;
    const result = await updateNodeStatus({ api, now }, ref, (node) => ({
      ...running(node),
      conditions: [{ ...stalled, reason: 'Refused', message: 'too long' }],
    }));
    expect(result.kind).toBe('written');
    expect(api.live?.status?.conditions).toMatchObject([
      { type: 'Stalled', status: 'True', reason: 'Refused' },
      { type: 'Ready', status: 'False', reason: 'Refused' },
    ]);
  });
});
