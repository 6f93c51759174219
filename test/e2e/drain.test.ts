import { describe, expect } from 'vitest';

import { ANY_PORT, getText, metricsUrl, untilMetric } from '../metrics/scrape.ts';
import { eventually } from '../support/eventually.ts';
import { startApiRecorder } from '../support/servers/api-recorder.ts';
import type { OperatorProcess } from '../support/testbed/operator-process.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { startStallingProxy } from './stalling-proxy.ts';

const it = testbedTest('drain', []);

/** Waits until it drains: it is alive and not ready; and Prometheus sees its last moments. */
async function untilDraining(operator: OperatorProcess): Promise<void> {
  const url = metricsUrl(operator);
  const draining = { status: 503, text: '[-]serving failed: draining\n' };
  await eventually('it says that it is draining', async () => {
    const { status, text } = await getText(`${url}/readyz`);
    return status === draining.status && text === draining.text;
  });
  expect((await getText(`${url}/livez`)).status).toBe(200);
  expect((await getText(`${url}/metrics`)).status).toBe(200);
}

describe('a worker that is asked to end', () => {
  it('is not ready while a step is under way, and hands over what it cannot finish', async ({
    bed,
    onTestFinished,
  }) => {
    const recorder = await startApiRecorder(bed.cluster, bed.envOf('worker'));
    onTestFinished(() => recorder.close());
    const watcher = await bed.start('watcher');
    const first = await bed.start('worker', { ...ANY_PORT, KUBECONFIG: recorder.kubeconfigPath });
    await bed.nodes.createRunning('n0', V1);
    const isCaught = recorder.hold(
      'before-effect',
      ({ method, path }) => method === 'PATCH' && path.endsWith('/seinodes/n0/status'),
    );
    await bed.nodes.setImage('n0', V2);
    await isCaught;
    expect((await getText(`${metricsUrl(first)}/readyz`)).status).toBe(200);

    // The request times out on its own, which ends the attempt within the grace.
    const ended = first.stop('SIGTERM');
    await untilDraining(first);
    expect(await ended).toEqual({ code: 0, signal: null });
    const second = await bed.start('worker');
    await bed.nodes.untilSettledOn('n0', V2);
    expect(bed.pods.uids('n0')).toHaveLength(2);
    await Promise.all([second, watcher].map((each) => each.stop('SIGTERM')));
  });

  it('finishes a short step that is under way', async ({ bed }) => {
    const watcher = await bed.start('watcher');
    const first = await bed.start('worker');
    await bed.nodes.create('n1', { image: V1, externalAddress: 'n1.example.com:26656' });
    await bed.nodes.untilSettledOn('n1', V1);
    // The task takes less time than an update waits for it.
    await bed.sidecars.setFaults(bed.key('n1'), {
      kind: 'slow-task',
      durationMs: 1_500,
      taskTypes: ['config-patch'],
    });
    await bed.sidecars.clearJournal(bed.key('n1'));
    await bed.nodes.setImage('n1', V2);
    await eventually('the task was submitted', async () =>
      (await bed.sidecars.journal(bed.key('n1'))).some(({ method }) => method === 'POST'),
    );
    expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null });

    const second = await bed.start('worker');
    await bed.nodes.untilSettledOn('n1', V2);
    await Promise.all([second, watcher].map((each) => each.stop('SIGTERM')));
    const submitted = (await bed.sidecars.journal(bed.key('n1'))).flatMap(({ call }) =>
      call.kind === 'submit-task' && call.submission.kind === 'valid'
        ? [call.submission.submission.type]
        : [],
    );
    // A task that was not finished would have been submitted again.
    expect(submitted.filter((type) => type === 'config-patch')).toHaveLength(1);
  });
});

describe('a watcher that is asked to end', () => {
  it('is not ready while a report is under way, and makes it', async ({ bed, onTestFinished }) => {
    const proxy = await startStallingProxy(bed.cluster.temporalAddress);
    onTestFinished(() => proxy.close());
    const watcher = await bed.start('watcher', { ...ANY_PORT, TEMPORAL_ADDRESS: proxy.address });
    proxy.stall();
    await bed.nodes.create('n2', { image: V1 });
    await untilMetric(watcher, 'seinode_reports_waiting', {}, (waiting = 0) => waiting > 0);
    expect((await getText(`${metricsUrl(watcher)}/readyz`)).status).toBe(200);

    const ended = watcher.stop('SIGTERM');
    await untilDraining(watcher);
    proxy.goOn();
    expect(await ended).toEqual({ code: 0, signal: null });
    // No worker runs, and no other watcher: this one has begun the run.
    await eventually(
      'the run has begun',
      async () => (await bed.runs.of(bed.key('n2'))).map(({ type }) => type).join() === 'nodeInit',
    );
  });
});
