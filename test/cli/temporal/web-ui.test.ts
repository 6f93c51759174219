import { describe, expect, it } from 'vitest';

import type { NodeRun } from '../../../cli/temporal/node-runs.ts';
import { runAt } from '../../../cli/temporal/node-runs.ts';
import { webUiOf, workflowUrl } from '../../../cli/temporal/web-ui.ts';

describe('the Web UI', () => {
  it.each([
    ['http://ui.example/', 'temporal:7233', 'http://ui.example'],
    [undefined, '127.0.0.1:7233', 'http://localhost:8233'],
    [undefined, 'sei.a1b2c.tmprl.cloud:7233', 'https://cloud.temporal.io'],
    [undefined, 'eu-central-1.aws.api.temporal.io:7233', 'https://cloud.temporal.io'],
    ['', 'temporal.svc:7233', undefined],
    [undefined, '127.0.0.1:21501', undefined],
  ])('said as %s beside %s is %s', (said, address, url) => {
    expect(webUiOf(said, address)).toBe(url);
  });

  it('has a page for each run, and one for the latest', () => {
    const id = 'seinode/c/ns/n0';
    const workflow = 'http://ui/namespaces/default/workflows/seinode%2Fc%2Fns%2Fn0';
    expect(workflowUrl('http://ui', 'default', id)).toBe(workflow);
    expect(workflowUrl('http://ui', 'default', id, 'r1')).toBe(`${workflow}/r1/history`);
  });
});

describe('the run at a moment', () => {
  const run = (runId: string, startedMs: number, closedMs?: number): NodeRun => ({
    runId,
    type: 'nodeUpdate',
    status: 'COMPLETED',
    startedMs,
    closedMs,
  });
  const runs = [run('third', 50_000), run('second', 20_000, 40_000), run('first', 0, 10_000)];

  it('is the one that was open then', () => {
    expect(runAt(runs, 60_000)?.runId).toBe('third');
    expect(runAt(runs, 30_000)?.runId).toBe('second');
    expect(runAt(runs, 15_000)).toBeUndefined();
  });

  it('allows for clocks that differ a little', () => {
    expect(runAt(runs, 19_000)?.runId).toBe('second');
    expect(runAt(runs, 41_000)?.runId).toBe('second');
  });
});
