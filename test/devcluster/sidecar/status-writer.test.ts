import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { Berth } from '../../../devcluster/sidecar/fleet.ts';
import type { Pod } from '../../../devcluster/sidecar/pod.ts';
import { SidecarProcess } from '../../../devcluster/sidecar/sidecar-process.ts';
import { StatusWriter } from '../../../devcluster/sidecar/status-writer.ts';
import type { PodStatusPatch } from '../../../devcluster/sidecar/status-writer.ts';
import { emptyVolume } from '../../../devcluster/sidecar/volume.ts';
import { aPod } from './a-pod.ts';

const ID = '5e4f4d0e-7a53-4c4b-9a33-0d4cbd0f8f11';

/** Makes a writer for one pod, whose writes end when the test says so. */
function aWriter(first: Pod) {
  const process = new SidecarProcess({
    volume: emptyVolume('v'),
    runOf: () => ({ durationMs: 0, error: undefined }),
    onChange: () => undefined,
  });
  let berth: Berth | undefined = { pod: first, sidecar: { process, restartCount: 0 } };
  const patches: PodStatusPatch[] = [];
  let end: (outcome: 'settled' | 'failed') => void = () => undefined;
  const writer = new StatusWriter({ berth: () => berth }, (_, patch) => {
    patches.push(patch);
    return new Promise((resolve) => {
      end = resolve;
    });
  });
  return {
    patches,
    probe: () => writer.probe('uid-1'),
    markReady: () => process.submit({ id: ID, type: 'mark-ready' }),
    podIs: (pod: Pod | undefined) => {
      berth = pod && { pod, sidecar: { process, restartCount: 0 } };
    },
    endWrite: async (outcome: 'settled' | 'failed') => {
      end(outcome);
      await turn();
    },
  };
}

describe('StatusWriter', () => {
  it('writes nothing while the status is true', () => {
    const { patches, probe } = aWriter(aPod());
    probe();
    expect(patches).toEqual([]);
  });

  it('names the version of the pod that it looked at', () => {
    const { patches, probe, markReady } = aWriter(aPod({ version: 7 }));
    markReady();
    probe();
    expect(patches).toMatchObject([{ metadata: { uid: 'uid-1', resourceVersion: '7' } }]);
  });

  it('looks again after a write when the pod has changed in the meantime', async () => {
    const { patches, probe, markReady, podIs, endWrite } = aWriter(aPod());
    markReady();
    probe();
    podIs(aPod({ version: 2 }));
    probe();
    expect(patches).toHaveLength(1);
    await endWrite('settled');
    expect(patches).toMatchObject([{}, { metadata: { resourceVersion: '2' } }]);
  });

  it('does not look again at a pod that has not changed', async () => {
    const { patches, probe, markReady, endWrite } = aWriter(aPod());
    markReady();
    probe();
    await endWrite('settled');
    expect(patches).toHaveLength(1);
  });

  it('makes a write that failed again', async () => {
    const { patches, probe, markReady, endWrite } = aWriter(aPod());
    markReady();
    probe();
    await endWrite('failed');
    expect(patches).toHaveLength(2);
  });

  it('leaves alone a pod that is going, has gone, or has not begun', () => {
    const { patches, probe, markReady, podIs } = aWriter(aPod({ terminating: true }));
    markReady();
    probe();
    podIs(undefined);
    probe();
    const { conditions: _, ...status } = aPod().status;
    podIs({ ...aPod(), status });
    probe();
    expect(patches).toEqual([]);
  });
});
