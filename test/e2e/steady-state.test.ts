import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect } from 'vitest';

import type { ApiRecorder } from '../support/servers/api-recorder.ts';
import { startApiRecorder } from '../support/servers/api-recorder.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { untilQuiet } from '../support/testbed/until-quiet.ts';

/** The number in the budgets of docs/design.md. */
const REQUESTS_OF_AN_UPDATE = 16;
const WATCHES = 5;
const CONNECTIONS_BESIDE_WATCHES = 4;

const it = testbedTest('steady', []).extend(
  'recorders',
  { scope: 'file' },
  async ({ bed }, { onCleanup }) => {
    const [worker, watcher] = await Promise.all([
      startApiRecorder(bed.cluster, bed.envOf('worker')),
      startApiRecorder(bed.cluster, bed.envOf('watcher')),
    ]);
    onCleanup(async () => {
      await Promise.all([worker.close(), watcher.close()]);
    });
    // Many resyncs within the test: none of them may cost a write.
    const resync = { SEINODE_RESYNC_SECONDS: '1' };
    await Promise.all([
      bed.start('worker', { ...resync, KUBECONFIG: worker.kubeconfigPath }),
      bed.start('watcher', { ...resync, KUBECONFIG: watcher.kubeconfigPath }),
    ]);
    return { worker, watcher };
  },
);

describe('a node without drift', () => {
  it('causes no run, and no request but watches', async ({ bed, recorders }) => {
    await bed.nodes.createRunning('idle', V1);
    await untilQuiet([recorders.worker, recorders.watcher]);
    const runsBefore = await bed.runs.closed(bed.key('idle'));
    const before = [...calls(recorders.worker), ...calls(recorders.watcher)].length;
    const versionsBefore = bed.nodes.versions('idle').length;

    // A test cannot wait for something that must not happen: five resyncs are enough to see it.
    await delay(5_000);

    expect([...calls(recorders.worker), ...calls(recorders.watcher)].slice(before)).toEqual([]);
    expect(bed.nodes.versions('idle')).toHaveLength(versionsBefore);
    expect(await bed.runs.of(bed.key('idle'))).toHaveLength(runsBefore.length);
  });
});

describe('an update', () => {
  it('costs the same few requests, however long the rollout takes', async ({ bed, recorders }) => {
    await bed.nodes.createRunning('slow', V1);
    await bed.runs.closed(bed.key('slow'));
    const before = calls(recorders.worker).length;
    const image = 'ghcr.io/sei-protocol/sei:slow-start-5s';
    await bed.nodes.setImage('slow', image);
    await bed.nodes.untilSettledOn('slow', image);
    await bed.runs.closed(bed.key('slow'));

    const costs = calls(recorders.worker).slice(before);
    expect(costs).toSatisfy(({ length }) => length > 0 && length <= REQUESTS_OF_AN_UPDATE);
  });

  it('opens no connection for each request', ({ recorders }) => {
    for (const recorder of [recorders.worker, recorders.watcher]) {
      expect(recorder.connections()).toBeLessThanOrEqual(WATCHES + CONNECTIONS_BESIDE_WATCHES);
    }
  });

  it('is the work of the worker: the watcher only reads', ({ recorders }) => {
    const writes = recorders.watcher.requests.filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([]);
    const userAgents = (recorder: ApiRecorder) => [
      ...new Set(recorder.requests.map(({ userAgent }) => userAgent)),
    ];
    expect(userAgents(recorders.worker)).toEqual(['seinode-worker']);
    expect(userAgents(recorders.watcher)).toEqual(['seinode-watcher']);
  });
});

/** Lists the requests that are not watches, one line each. */
function calls({ requests }: ApiRecorder): readonly string[] {
  return requests.filter(({ isWatch }) => !isWatch).map(({ method, path }) => `${method} ${path}`);
}
