import { describe, expect } from 'vitest';

import type { ApiRecorder } from '../support/servers/api-recorder.ts';
import { startApiRecorder } from '../support/servers/api-recorder.ts';
import { changesOf, conditionOf } from '../support/testbed/node-conditions.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** A moment of an update at which the worker is killed. */
interface Moment {
  /** The node that is updated at that moment. */
  readonly node: string;
  readonly image: string;
  /** Resolves once the worker is in the middle of it. */
  reached(bed: Testbed, recorder: ApiRecorder): Promise<unknown>;
}

const MOMENTS: readonly Moment[] = [
  {
    node: 'before-begin-is-written',
    image: V2,
    reached: (_bed, api) => statusWrite(api, 'before-begin-is-written', 'before-effect'),
  },
  {
    node: 'after-begin-is-written',
    image: V2,
    reached: (_bed, api) => statusWrite(api, 'after-begin-is-written', 'after-effect'),
  },
  {
    node: 'after-statefulset-is-applied',
    image: V2,
    reached: (_bed, api) =>
      api.hold(
        'after-effect',
        ({ method, path }) =>
          method === 'PATCH' && path.endsWith('/statefulsets/after-statefulset-is-applied'),
      ),
  },
  {
    node: 'after-pod-is-deleted',
    image: V2,
    reached: (_bed, api) =>
      api.hold(
        'after-effect',
        ({ method, path }) => method === 'DELETE' && path.endsWith('/pods/after-pod-is-deleted-0'),
      ),
  },
  {
    node: 'while-pod-starts',
    image: 'ghcr.io/sei-protocol/sei:slow-start-8s',
    reached: (bed) =>
      bed.pods.until('while-pod-starts-0', 'it was replaced', ({ seidImage }) => seidImage !== V1),
  },
  {
    node: 'while-sidecar-hangs',
    image: V2,
    reached: async (bed) => {
      await bed.sidecars.setFaults(bed.key('while-sidecar-hangs'), {
        kind: 'hang',
        calls: ['submit-task'],
        times: 1,
      });
      await bed.nodes.until(
        'while-sidecar-hangs',
        'its new image was observed',
        ({ status }) => status?.currentImage === V2,
      );
    },
  },
];

const it = testbedTest('worker-crash', ['watcher']);

describe('a worker that is killed in the middle of updates', () => {
  it('leaves none of them behind: the next worker finishes each', async ({ bed }) => {
    const api = await startApiRecorder(bed.cluster, bed.envOf('worker'));
    const setUp = await bed.start('worker');
    await Promise.all(MOMENTS.map(({ node }) => bed.nodes.createRunning(node, V1)));
    // The rest of a bring-up would be held up in the place of the update.
    await Promise.all(MOMENTS.map(({ node }) => bed.runs.closed(bed.key(node))));
    await setUp.stop('SIGTERM');

    const worker = await bed.start('worker', { KUBECONFIG: api.kubeconfigPath });
    const reached = MOMENTS.map((moment) => moment.reached(bed, api));
    await Promise.all(MOMENTS.map(({ node, image }) => bed.nodes.setImage(node, image)));
    await Promise.all(reached);
    await worker.stop('SIGKILL');
    await api.close();
    await bed.start('worker');

    // A step without heartbeats has a minute before it counts as lost with its worker.
    const minutes = 5 * 60_000;
    await Promise.all(
      MOMENTS.map(({ node, image }) => bed.nodes.untilSettledOn(node, image, minutes)),
    );
    for (const { node, image } of MOMENTS) {
      const versions = bed.nodes.versions(node);
      const runs = await bed.runs.rolls(bed.key(node));
      const { status } = await bed.nodes.get(node);
      expect({
        node,
        pods: bed.pods.uids(node).length,
        runs: runs.map(({ type }) => type),
        images: changesOf(versions, (version) => version.status?.currentImage),
        updates: changesOf(versions, (version) => conditionOf(version, 'NodeUpdateInProgress')),
        history: status?.history?.map(({ to, outcome }) => [to, outcome]),
      }).toEqual({
        node,
        pods: 2,
        runs: ['nodeInit', 'nodeUpdate'],
        images: [undefined, V1, image],
        updates: [undefined, 'True/UpdateStarted', 'False/UpdateComplete'],
        history: [[image, 'Complete']],
      });
    }
  }, 480_000);
});

function statusWrite(
  api: ApiRecorder,
  node: string,
  when: 'before-effect' | 'after-effect',
): Promise<void> {
  return api.hold(
    when,
    ({ method, path }) => method === 'PATCH' && path.endsWith(`/seinodes/${node}/status`),
  );
}
