import { Worker } from '@temporalio/worker';
import { describe, expect } from 'vitest';

import { workflowBundle } from '../../worker/workflow-bundle.ts';
import { startOtlpCollector } from '../metrics/otlp-collector.ts';
import { lineageOf } from '../metrics/span-lineage.ts';
import { eventually } from '../support/eventually.ts';
import '../support/workflow/quiet-temporal.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const it = testbedTest('traces', []).extend(
  'collector',
  { scope: 'file' },
  async ({ bed }, { onCleanup }) => {
    const collector = await startOtlpCollector();
    onCleanup(() => collector.close());
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      // Milliseconds between two batches; a test does not wait for the default of five seconds.
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
    return collector;
  },
);

describe('worker and watcher with a collector of traces', () => {
  it('make one trace of an update: watcher, workflow, activity', async ({ bed, collector }) => {
    await bed.nodes.createRunning('n0', V1);
    await bed.nodes.setImage('n0', V2);
    await bed.nodes.untilSettledOn('n0', V2);

    const lineage = () => lineageOf('RunActivity:finishUpdate', collector.spans());
    await eventually('its last step goes back to the watcher', () =>
      (lineage().at(-1)?.name ?? '').startsWith('SignalWithStartWorkflow:'),
    );
    const names = lineage().map(({ name }) => name);
    // The run may be the one that brought the node up, and have continued as the update.
    expect(names.slice(0, 3)).toEqual([
      'RunActivity:finishUpdate',
      'StartActivity:finishUpdate',
      'RunWorkflow:nodeUpdate',
    ]);
    expect(lineage().at(0)?.service).toBe('seinode-worker');
    expect(lineage().at(-1)?.service).toBe('seinode-watcher');
    expect(new Set(lineage().map(({ traceId }) => traceId)).size).toBe(1);
  });

  it('leave histories that replay without tracing too', async ({ bed }) => {
    const runs = await bed.runs.closed(bed.key('n0'));
    expect(runs.length).toBeGreaterThan(0);
    const bundle = await workflowBundle();
    for (const { workflowId, runId } of runs) {
      const history = await bed.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
      const replay = Worker.runReplayHistory({ workflowBundle: bundle }, history, workflowId);
      await expect(replay).resolves.toBeUndefined();
    }
  });

  it('go on when the collector is gone', async ({ bed, collector }) => {
    collector.close();
    await bed.nodes.setImage('n0', V1);
    await bed.nodes.untilSettledOn('n0', V1);
    for (const each of bed.processes()) {
      await eventually(`the ${each.role} says so`, () =>
        each.log().includes('"message":"spans not exported"'),
      );
    }
    for (const each of bed.processes()) {
      expect(await each.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    }
  });
});
