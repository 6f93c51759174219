import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { claimFollower, podFollower } from '../../../devcluster/sidecar/followers.ts';
import { Volumes } from '../../../devcluster/sidecar/volume.ts';
import { eventually } from '../../support/eventually.ts';
import { aPod } from './a-pod.ts';
import { runSidecars } from './running-sidecars.ts';
import type { RunningSidecars } from './running-sidecars.ts';

describe('podFollower', () => {
  let sidecars: RunningSidecars;

  beforeEach(async () => {
    sidecars = await runSidecars();
  });

  afterEach(() => sidecars.close());

  it('makes a pod answer when it appears, and not any more when it goes', async () => {
    const follow = podFollower(sidecars.fleet, sidecars.listeners, () => undefined);
    follow({ kind: 'added', object: aPod() });
    expect(await sidecars.healthz()).toBe(503);
    follow({ kind: 'deleted', object: aPod() });
    await expect(sidecars.healthz()).rejects.toThrow('fetch failed');
  });

  it('cuts off whoever waits for an answer of a pod that goes', async () => {
    const node = { namespace: 'chain', name: 'n0' };
    const follow = podFollower(sidecars.fleet, sidecars.listeners, () => undefined);
    follow({ kind: 'added', object: aPod() });
    await sidecars.admin.setFaults(node, { kind: 'hang' });
    const answer = sidecars.healthz().catch((err: unknown) => err);
    await eventually('the request hangs', async () => {
      return (await sidecars.admin.journal(node)).length === 1;
    });
    follow({ kind: 'deleted', object: aPod() });
    expect(await answer).toBeInstanceOf(TypeError);
  });
});

describe('claimFollower', () => {
  const claim = (uid: string) => ({
    metadata: { namespace: 'chain', name: 'data-n0', uid, resourceVersion: '1' },
  });

  it('keeps the volume of a claim until another one has its name', () => {
    const volumes = new Volumes();
    const follow = claimFollower(volumes);
    follow({ kind: 'added', object: claim('a') });
    const volume = volumes.of('chain/data-n0');
    follow({ kind: 'modified', before: claim('a'), object: claim('a') });
    expect(volumes.of('chain/data-n0')).toBe(volume);
    follow({ kind: 'added', object: claim('b') });
    expect(volumes.of('chain/data-n0')).not.toBe(volume);
  });

  it('gives a pod that is ahead of its claim nothing of a claim that went', () => {
    const volumes = new Volumes();
    const follow = claimFollower(volumes);
    follow({ kind: 'added', object: claim('a') });
    const volume = volumes.of('chain/data-n0');
    follow({ kind: 'deleted', object: claim('a') });
    expect(volumes.of('chain/data-n0')).not.toBe(volume);
  });

  it('keeps what a pod wrote before its claim was seen', () => {
    const volumes = new Volumes();
    const volume = volumes.of('chain/data-n0');
    claimFollower(volumes)({ kind: 'added', object: claim('a') });
    expect(volumes.of('chain/data-n0')).toBe(volume);
  });
});
