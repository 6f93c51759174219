import { afterEach, describe, expect, it, vi } from 'vitest';

import { ApiError } from '../../kubernetes/api/api-error.ts';
import { SEI_NODES } from '../../kubernetes/api/resource.ts';
import type { StatusKind } from '../../kubernetes/object-status.ts';
import { decideStatus } from '../../kubernetes/object-status.ts';
import { patchOfOwned } from '../../kubernetes/status-patch.ts';
import { seiNodeOf } from '../../kubernetes/views/sei-node-of.ts';
import { startWatches } from '../../kubernetes/watch/watches.ts';
import { recordedLog } from './recorded-log.ts';

/** The smallest second kind: some nodes that are rolled together. */
interface Deployment {
  readonly metadata: { readonly uid: string; readonly generation: number };
  readonly status?: DeploymentStatus;
}

interface DeploymentStatus {
  readonly updated?: number;
  readonly message?: string;
  readonly observedGeneration?: number;
}

const OWNED = { updated: true, message: true, observedGeneration: true } as const;
const REF = { namespace: 'default', name: 'rpc', uid: 'uid-of-rpc' };

describe('the status of another kind', () => {
  let live: Deployment;
  let refusals: ApiError[];
  const kind: StatusKind<Deployment, DeploymentStatus> = {
    cached: () => undefined,
    get: async () => live,
    patchStatus: async (before, status) => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      live = { ...before, status: { ...before.status, ...status } };
      return live;
    },
    ownedFields: OWNED,
    derive: ({ metadata }, decided) => ({ ...decided, observedGeneration: metadata.generation }),
    withoutTexts: ({ message: _dropped, ...status }) => status,
  };
  const begin = (status: DeploymentStatus = {}, ...refused: ApiError[]): void => {
    live = { metadata: { uid: REF.uid, generation: 4 }, status };
    refusals = refused;
  };
  const oneMore = ({ status }: Deployment) => {
    const updated = (status?.updated ?? 0) + 1;
    return { status: { updated, message: 'rolls' }, answer: updated };
  };

  it('is written with what follows from it, and the decision comes back', async () => {
    begin({ updated: 1 });
    expect(await decideStatus(kind, REF, oneMore)).toEqual({
      kind: 'written',
      object: live,
      answer: 2,
    });
    expect(live.status).toEqual({ updated: 2, message: 'rolls', observedGeneration: 4 });
  });

  it('is decided again where somebody else has written', async () => {
    begin({}, new ApiError(409, '{"reason":"Conflict"}'));
    expect((await decideStatus(kind, REF, oneMore)).kind).toBe('written');
  });

  it('is written without its texts where these are refused', async () => {
    begin({}, new ApiError(422, '{"reason":"Invalid"}'));
    await decideStatus(kind, REF, oneMore);
    expect(live.status).toEqual({ updated: 1, observedGeneration: 4 });
  });

  it('is left where nothing changes in the fields that are its own', async () => {
    begin({ observedGeneration: 4 });
    const decide = () => ({ status: { foreign: 1 } as DeploymentStatus, answer: 'none' });
    expect(await decideStatus(kind, REF, decide)).toMatchObject({ kind: 'unchanged' });
    expect(patchOfOwned(OWNED, live.status, { updated: 1 })).toEqual({
      updated: 1,
      observedGeneration: null,
    });
  });
});

describe('the watch of another kind', () => {
  const stop = new AbortController();
  afterEach(() => stop.abort());

  it('is one more row of the table', async () => {
    const deployments = { api: '/apis/sei.io/v1alpha1', plural: 'seinodedeployments' };
    const listed: string[] = [];
    const seen: string[] = [];
    const connection = {
      openStream: async (path: string) => {
        if (path.includes('watch=true')) return new ReadableStream<Uint8Array>();
        listed.push(path);
        const items = path.includes(deployments.plural)
          ? [{ metadata: { ...REF, resourceVersion: '1' }, spec: { image: 'sei:v2' } }]
          : [];
        return new Blob([JSON.stringify({ metadata: { resourceVersion: '1' }, items })]).stream();
      },
    };
    const watches = startWatches<{ seinodes: unknown; deployments: { readonly image: string } }>(
      { connection, namespace: 'default', logger: recordedLog(), signal: stop.signal },
      {
        seinodes: { resource: SEI_NODES, transform: seiNodeOf, onChange: () => undefined },
        deployments: {
          resource: deployments,
          after: 'seinodes',
          transform: (object) => (object as { spec: { image: string } }).spec,
          onChange: ({ kind, object }) => seen.push(`${kind} ${object.image}`),
        },
      },
    );
    await watches.whenSynced();
    expect(listed).toEqual([
      '/apis/sei.io/v1alpha1/namespaces/default/seinodes?limit=500',
      '/apis/sei.io/v1alpha1/namespaces/default/seinodedeployments?limit=500',
    ]);
    expect(watches.of.deployments.get('default/rpc')).toEqual({ image: 'sei:v2' });
    expect(seen).toEqual(['added sei:v2']);
    expect(watches.hasSynced()).toBe(true);
    await vi.waitUntil(() => watches.staleMs() < 60_000);
    expect(watches.health()).toMatchObject([
      { resource: 'seinodes', hasSynced: true },
      { resource: 'deployments', hasSynced: true },
    ]);
  });
});
