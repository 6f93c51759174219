import { describe, expect, it } from 'vitest';

import { Fleet } from '../../../devcluster/sidecar/fleet.ts';
import { podAt } from '../../../devcluster/sidecar/live-pods.ts';
import type { Pod } from '../../../devcluster/sidecar/pod.ts';
import { Volumes } from '../../../devcluster/sidecar/volume.ts';
import { aPod } from './a-pod.ts';

function aFleet(): Fleet {
  return new Fleet({
    volumes: new Volumes(),
    runOf: () => ({ durationMs: 0, error: undefined }),
    onChange: () => undefined,
  });
}

/** Makes an API server that has these pods, and records the paths of requests. */
function apiServer(...items: readonly Pod[]) {
  const asked: string[] = [];
  const getJson = (path: string) => {
    asked.push(path);
    return Promise.resolve({ items });
  };
  return { asked, getJson };
}

describe('podAt', () => {
  it('asks nobody about an address whose pod is known', async () => {
    const [fleet, api] = [aFleet(), apiServer()];
    fleet.seen(aPod());
    expect((await podAt(fleet, api, '127.97.0.1'))?.pod.metadata.uid).toBe('uid-1');
    expect(api.asked).toEqual([]);
  });

  it('finds a pod that the watch has not shown yet', async () => {
    const api = apiServer(aPod());
    expect((await podAt(aFleet(), api, '127.97.0.1'))?.pod.metadata.uid).toBe('uid-1');
    expect(api.asked).toEqual([
      '/api/v1/pods?labelSelector=sei.io/node&fieldSelector=status.podIP%3D127.97.0.1',
    ]);
  });

  it('finds the successor of a pod that is going', async () => {
    const fleet = aFleet();
    fleet.seen(aPod({ terminating: true }));
    const api = apiServer(aPod({ uid: 'uid-2', version: 5 }));
    expect((await podAt(fleet, api, '127.97.0.1'))?.pod.metadata.uid).toBe('uid-2');
  });

  it('finds nobody at an address that no pod has', async () => {
    expect(await podAt(aFleet(), apiServer(), '127.97.0.1')).toBeUndefined();
  });
});
