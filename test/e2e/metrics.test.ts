import { describe, expect } from 'vitest';

import { sumOf } from '../metrics/exposition.ts';
import { ANY_PORT, getText, metricsUrl, scrape, untilMetric } from '../metrics/scrape.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import type { OperatorRole } from '../support/testbed/operator-process.ts';
import { launchOperatorProcess } from '../support/testbed/operator-process.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { CANNOT_PULL } from './stuck-updates.ts';

const ROLES: readonly OperatorRole[] = ['worker', 'watcher'];

const it = testbedTest('metrics', []).extend('operators', { scope: 'file' }, async ({ bed }) => {
  const [worker, watcher] = await Promise.all([
    bed.start('worker', ANY_PORT),
    bed.start('watcher', ANY_PORT),
  ]);
  return { worker, watcher };
});

describe('worker and watcher', () => {
  it('measure an update: its outcome, its steps, and how soon it began', async ({
    bed,
    operators: { worker, watcher },
  }) => {
    await bed.nodes.createRunning('n0', V1);
    await bed.nodes.setImage('n0', V2);
    await bed.nodes.untilSettledOn('n0', V2);

    await untilMetric(watcher, 'seinode_nodes', { due: 'nothing' }, (nodes) => nodes === 1);
    const complete = { outcome: 'complete' };
    await untilMetric(worker, 'seinode_updates_total', complete, (count) => count === 1);
    const ours = await scrape(worker);
    const theirs = await scrape(watcher);
    expect(sumOf(ours, 'seinode_updates_total')).toBe(1);
    expect(sumOf(ours, 'seinode_update_duration_seconds_count', complete)).toBe(1);
    const rolls = { step: 'replace-pod', result: 'ok' };
    // One roll of the bring-up, which finds nothing to replace, and one of the update.
    expect(sumOf(ours, 'seinode_step_duration_seconds_count', rolls)).toBe(2);
    const starts = { work: 'nodeUpdate', cause: 'change' };
    expect(sumOf(theirs, 'seinode_reports_total', starts)).toBeGreaterThanOrEqual(1);
    const update = { work: 'nodeUpdate' };
    expect(sumOf(theirs, 'seinode_first_write_seconds_count', update)).toBe(1);
    expect(sumOf(theirs, 'seinode_first_write_seconds_sum', update)).toBeGreaterThan(0);
    expect(sumOf(theirs, 'seinode_due_seconds_count', update)).toBe(1);
  });

  it('show how old their watches are', async ({ operators: { worker, watcher } }) => {
    for (const operator of [worker, watcher]) {
      const ages = (await scrape(operator)).filter(
        ({ name }) => name === 'seinode_watch_age_seconds',
      );
      expect(ages.map(({ labels }) => labels['resource'])).toEqual([
        'seinodes',
        'statefulsets',
        'services',
        'configmaps',
        'pods',
      ]);
      // The bookmarks of the API server come once a minute.
      expect(Math.max(...ages.map(({ value }) => value))).toBeLessThan(90);
    }
  });

  it("serve the metrics of Temporal's SDK beside their own", async ({ operators: { worker } }) => {
    const series = await scrape(worker);
    expect(sumOf(series, 'temporal_workflow_completed_total')).toBeGreaterThan(0);
    expect(sumOf(series, 'temporal_activity_execution_latency_seconds_count')).toBeGreaterThan(0);
  });

  it('name a node while it is stalled, and no longer', async ({ bed, operators }) => {
    const { watcher } = operators;
    await bed.nodes.createRunning('stuck', V1);
    await bed.nodes.setImage('stuck', CANNOT_PULL);
    const stalled = { namespace: bed.namespace, name: 'stuck', reason: 'ImagePullBackOff' };
    await untilMetric(watcher, 'seinode_node_stalled_seconds', stalled, (age = 0) => age > 0);
    const reason = { reason: 'ImagePullBackOff' };
    expect(sumOf(await scrape(watcher), 'seinode_stalled_nodes', reason)).toBe(1);

    await bed.nodes.setImage('stuck', V3);
    await bed.nodes.untilSettledOn('stuck', V3);
    const gone = (age: number | undefined) => age === undefined;
    await untilMetric(watcher, 'seinode_node_stalled_seconds', {}, gone);
    const superseded = { outcome: 'superseded' };
    const { worker } = operators;
    await untilMetric(worker, 'seinode_updates_total', superseded, (count) => count === 1);
  });

  it('count what sidecars refuse, by class', async ({ bed, operators }) => {
    const { worker } = operators;
    await bed.sidecars.setFaults(bed.key('refused'), {
      kind: 'error',
      status: 500,
      calls: ['submit-task'],
    });
    await bed.nodes.create('refused', { image: V1 });
    const failed = { call: 'submit-task', class: 'http-5xx' };
    await untilMetric(worker, 'seinode_sidecar_errors_total', failed, (count = 0) => count > 0);
    // The step goes on: the node's status shows what the sidecar answers.
    await bed.nodes.until(
      'refused',
      'the sidecar is said to fail',
      (node) => conditionOf(node, 'Stalled') === 'True/SidecarFailing',
    );
    await bed.sidecars.setFaults(bed.key('refused'));
    await bed.nodes.untilSettledOn('refused', V1);
  });
});

describe.for(ROLES)('the %s', (role) => {
  it('is alive and ready while it serves', async ({ operators }) => {
    const url = metricsUrl(operators[role]);
    expect(await getText(`${url}/livez`)).toEqual({ status: 200, text: 'ok\n' });
    const { status, text } = await getText(`${url}/readyz`);
    expect(text).toContain('[+]caches ok');
    expect(text.includes('[+]pollers ok')).toBe(role === 'worker');
    expect(status).toBe(200);
  });

  it('ends with one line that says so when its metrics address is taken', async ({
    bed,
    operators,
  }) => {
    const address = metricsUrl(operators.worker).slice('http://'.length);
    const second = launchOperatorProcess(role, {
      ...bed.envOf(role),
      SEINODE_METRICS_ADDRESS: address,
    });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.log()).toMatch(
      new RegExp(
        `^seinode ${role}: cannot serve metrics at SEINODE_METRICS_ADDRESS=${address}: .*\n$`,
      ),
    );
  });

  it('drains on SIGTERM, and writes nothing but structured lines', async ({ bed }) => {
    const operator = await bed.start(role, ANY_PORT);
    expect(await operator.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    const messages = operator
      .log()
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message: string }).message);
    const steps = messages.filter((message) => /^(?:draining|\w+ stopped)$/.test(message));
    expect(steps).toEqual(['draining', `${role} stopped`]);
    expect(messages.at(-1)).toBe(`${role} stopped`);
  });
});
