import { CoordinationV1Api } from '@kubernetes/client-node';
import { describe, expect } from 'vitest';

import { connect } from '../../kubernetes/api/client.ts';
import { sumOf } from '../metrics/exposition.ts';
import { ANY_PORT, scrape, untilMetric } from '../metrics/scrape.ts';
import { eventually } from '../support/eventually.ts';
import type { ApiRecorder } from '../support/servers/api-recorder.ts';
import { startApiRecorder } from '../support/servers/api-recorder.ts';
import type { OperatorProcess } from '../support/testbed/operator-process.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { typedApi } from '../support/testbed/typed-api.ts';

/**
 * The promise is 15 s from the death of the leader to the other's report: `election.test.ts` counts them, on a clock of
 * its own. A busy machine adds to them.
 */
const FOLLOWED_WITHIN_MS = 30_000;

interface Watcher {
  readonly process: OperatorProcess;
  readonly recorder: ApiRecorder;
}

const it = testbedTest('leader', ['worker'])
  .extend('watchers', { scope: 'file' }, async ({ bed }, { onCleanup }) => {
    const recorders: ApiRecorder[] = [];
    onCleanup(async () => {
      await Promise.all(recorders.map((recorder) => recorder.close()));
    });
    const begin = async (name: string): Promise<Watcher> => {
      const recorder = await startApiRecorder(bed.cluster, bed.envOf('watcher'));
      recorders.push(recorder);
      const process = await bed.start('watcher', {
        ...ANY_PORT,
        KUBECONFIG: recorder.kubeconfigPath,
        SEINODE_LEADER_ELECTION: 'true',
        POD_NAME: name,
        POD_NAMESPACE: bed.namespace,
        // None of what follows is due to a resync.
        SEINODE_RESYNC_SECONDS: '3600',
      });
      return { process, recorder };
    };
    const first = await begin('first');
    const second = await begin('second');
    return { first, second, begin };
  })
  .extend('holder', { scope: 'file' }, async ({ bed }, { onCleanup }) => {
    const { kubeconfigPath } = bed.cluster;
    const connection = connect({ kubeconfigPath, userAgent: 'seinode-test' });
    onCleanup(() => connection.close());
    const leases = typedApi(connection, CoordinationV1Api);
    const { namespace } = bed;
    return async (): Promise<string> => {
      const lease = await leases.readNamespacedLease({ namespace, name: 'seinode-watcher' });
      return lease.spec?.holderIdentity ?? '';
    };
  });

describe('two watchers with an election', () => {
  it('have one that reports, and one that stands by with warm caches', async ({
    bed,
    watchers,
    holder,
  }) => {
    await bed.nodes.createRunning('n0', V1);
    expect(await holder()).toBe('first');
    expect(watchers.first.process.log()).toContain('"message":"leading"');
    await eventually('the second stands by', () =>
      watchers.second.process.log().includes('"message":"standing by"'),
    );
    expect(watchers.second.process.log()).not.toContain('"message":"leading"');
    const isLeading = { lease: `${bed.namespace}/seinode-watcher` };
    const leading = 'seinode_watcher_leading';
    await untilMetric(watchers.first.process, leading, isLeading, (value) => value === 1);
    await untilMetric(watchers.second.process, leading, isLeading, (value) => value === 0);
    await untilMetric(watchers.first.process, 'seinode_nodes', {}, (nodes) => nodes === 1);
    expect(sumOf(await scrape(watchers.second.process), 'seinode_nodes')).toBeUndefined();
    const watched = watchers.second.recorder.requests.filter(({ isWatch }) => isWatch);
    expect(watched.map(({ path }) => path)).toContain(
      `/apis/sei.io/v1alpha1/namespaces/${bed.namespace}/seinodes`,
    );
  });

  it('have the second report what drifts once the first is killed', async ({
    bed,
    watchers,
    holder,
  }) => {
    await watchers.first.process.stop('SIGKILL');
    await bed.nodes.setImage('n0', V2);
    await eventually(
      'a run is told of the drift',
      async () => (await bed.runs.of(bed.key('n0'))).some(({ type }) => type === 'nodeUpdate'),
      FOLLOWED_WITHIN_MS,
    );
    await bed.nodes.untilSettledOn('n0', V2);
    expect(await holder()).toBe('second');
    const { process: second } = watchers.second;
    await untilMetric(second, 'seinode_watcher_leading', {}, (value) => value === 1);
    await untilMetric(second, 'seinode_nodes', {}, (nodes) => nodes === 1);
    expect(bed.pods.uids('n0')).toHaveLength(2);
  });

  it('write nothing but the Lease', async ({ watchers }) => {
    for (const { recorder } of [watchers.first, watchers.second]) {
      const writes = recorder.requests.filter(({ method }) => method !== 'GET');
      expect(writes.map(({ path }) => path.split('/').at(-2) ?? '')).not.toEqual([]);
      expect(writes.filter(({ path }) => !path.includes('/leases'))).toEqual([]);
    }
  });

  it('hand over at once when the leader is asked to stop', async ({ bed, watchers, holder }) => {
    const third = await watchers.begin('third');
    await watchers.second.process.stop('SIGTERM');
    await bed.nodes.setImage('n0', V3);
    // A Lease that had to run out would take longer.
    const soonerMs = 9_000;
    await eventually('the third leads', async () => (await holder()) === 'third', soonerMs);
    await bed.nodes.untilSettledOn('n0', V3);
    expect(third.process.log()).toContain('"message":"leading"');
    expect(await bed.runs.rolls(bed.key('n0'))).toHaveLength(3);
  });
});
