import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

import { alertRules } from './monitoring/alert-rules.ts';
import { QUERIES, queryWithin } from './monitoring/dashboard.ts';
import { hasSdkMetric, namesIn, ownMetrics } from './monitoring/metric-names.ts';
import type { SeriesSample } from './monitoring/promtool.ts';
import { checkQueries, checkRules, hasPromtool, testRules } from './monitoring/promtool.ts';
import type { InputSeries } from './monitoring/recording.ts';
import { ENDS_AT, RECORDED_AT } from './monitoring/recording.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const recorded = z
  .array(z.object({ series: z.string(), values: z.string() }))
  .parse(parse(read('test/deploy/monitoring/recorded-series.yaml')));

async function unknownNames(expr: string): Promise<readonly string[]> {
  const own = await ownMetrics();
  return namesIn(expr).filter((name) => !own.has(name) && !hasSdkMetric(name));
}

describe('the dashboard', () => {
  it.each(QUERIES)('asks in "%s" only for metrics that exist: %s', async (_, expr) => {
    expect(namesIn(expr)).not.toEqual([]);
    expect(await unknownNames(expr)).toEqual([]);
  });

  it('shows every metric of ours', async () => {
    const metrics = await ownMetrics();
    const shown = new Set(
      QUERIES.flatMap(([, expr]) => namesIn(expr)).map((name) => metrics.get(name)),
    );
    const missing = [...metrics.values()].filter(
      (name) => name.startsWith('seinode_') && !shown.has(name),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/metrics.md', () => {
  it('explains every metric of ours, and no other', async () => {
    const rows = read('docs/metrics.md').matchAll(/^\| `(?<name>seinode_\w+)/gm);
    const told = new Set([...rows].map(({ groups }) => groups?.['name']));
    const own = [...(await ownMetrics()).values()].filter((name) => name.startsWith('seinode_'));
    expect(told).toEqual(new Set(own));
  });
});

describe('the alert rules', () => {
  it.each(alertRules)('$alert asks only for metrics that exist', async ({ expr }) => {
    expect(await unknownNames(expr)).toEqual([]);
  });

  it('are each tested below', () => {
    const tested = [...FIRING, ...BY_HAND].map(({ alert }) => alert);
    expect(alertRules.map(({ alert }) => alert).toSorted()).toEqual(tested.toSorted());
  });
});

/** Alerts that the recorded run brings about. */
const FIRING: readonly {
  readonly alert: string;
  /** The number of a scrape at which it is silent, and of one at which it fires. */
  readonly silentAt: number;
  readonly firesAt: number;
  /** As of ALERTS, without those that all of it have. */
  readonly labels: readonly string[];
}[] = [
  {
    alert: 'SeiNodeStalled',
    silentAt: RECORDED_AT.trouble + 18,
    firesAt: RECORDED_AT.trouble + 24,
    labels: [
      'name="denied", namespace="nodes", reason="Refused", severity="warning"',
      'name="doomed", namespace="nodes", reason="SidecarTaskFailed", severity="warning"',
      'name="stuck", namespace="nodes", reason="ImagePullBackOff", severity="warning"',
      'name="stuck-too", namespace="nodes", reason="ImagePullBackOff", severity="warning"',
    ],
  },
  {
    alert: 'SeiNodesStalledTogether',
    silentAt: RECORDED_AT.trouble,
    firesAt: RECORDED_AT.unauthorized,
    labels: ['severity="critical"'],
  },
  {
    alert: 'SeiNodeFailed',
    silentAt: RECORDED_AT.trouble - 1,
    firesAt: RECORDED_AT.trouble + 1,
    labels: ['severity="warning"'],
  },
  {
    alert: 'SeiNodeUpdateFailed',
    silentAt: RECORDED_AT.trouble,
    firesAt: RECORDED_AT.unauthorized,
    labels: ['severity="warning"'],
  },
  {
    alert: 'SeiNodeKubernetesRefuses',
    silentAt: RECORDED_AT.trouble,
    firesAt: RECORDED_AT.trouble + 16,
    labels: ['class="invalid", severity="warning"'],
  },
  {
    alert: 'SeiNodeSidecarRefuses',
    silentAt: RECORDED_AT.unauthorized,
    firesAt: RECORDED_AT.unauthorized + 14,
    labels: ['call="get-task", severity="warning"'],
  },
  {
    alert: 'SeiNodeWorkerAbsent',
    silentAt: RECORDED_AT.noWorker,
    firesAt: RECORDED_AT.noWorker + 8,
    labels: ['component="worker", severity="critical"'],
  },
  {
    alert: 'SeiNodeWorkNotBegun',
    silentAt: RECORDED_AT.noWorker + 7,
    firesAt: RECORDED_AT.noWorker + 12,
    labels: ['severity="critical", work="nodeInit"'],
  },
  {
    alert: 'SeiNodeReportsFail',
    silentAt: RECORDED_AT.noTemporal,
    firesAt: RECORDED_AT.noTemporal + 10,
    labels: ['severity="critical"'],
  },
  {
    alert: 'SeiNodeWatcherAbsent',
    silentAt: RECORDED_AT.noWatcher,
    firesAt: ENDS_AT,
    labels: ['component="watcher", severity="critical"'],
  },
];

/** Alerts on what the recorded run does not bring about, with series made by hand. */
const BY_HAND: readonly {
  readonly alert: string;
  readonly series: readonly InputSeries[];
  readonly silentAt: number;
  readonly firesAt: number;
  readonly labels: readonly string[];
}[] = [
  {
    alert: 'SeiNodeWatcherNoLeader',
    series: [
      { series: leading('a', 'ops/seinode-watcher'), values: '1x9 0x50' },
      { series: leading('b', 'ops/seinode-watcher'), values: '0x60' },
      { series: leading('c', 'other/seinode-watcher'), values: '1x60' },
    ],
    silentAt: 13,
    firesAt: 14,
    labels: ['job="seinode", lease="ops/seinode-watcher", severity="critical"'],
  },
  {
    alert: 'SeiNodeWatcherTwoLeaders',
    series: [
      { series: leading('a', 'ops/seinode-watcher'), values: '1x60' },
      { series: leading('b', 'ops/seinode-watcher'), values: '0x9 1x50' },
      { series: leading('c', 'other/seinode-watcher'), values: '1x60' },
      { series: 'seinode_watcher_leading{job="seinode",instance="d"}', values: '1x60' },
      { series: 'seinode_watcher_leading{job="seinode",instance="e"}', values: '1x60' },
    ],
    silentAt: 17,
    firesAt: 18,
    labels: ['job="seinode", lease="ops/seinode-watcher", severity="warning"'],
  },
  {
    alert: 'SeiNodeWatchStale',
    series: [
      {
        series: 'seinode_watch_age_seconds{component="worker",resource="pods"}',
        values: '0+15x60',
      },
      {
        series: 'seinode_watch_age_seconds{component="watcher",resource="pods"}',
        values: '60x60',
      },
    ],
    silentAt: 15,
    firesAt: 18,
    labels: ['component="worker", resource="pods", severity="warning"'],
  },
  {
    alert: 'SeiNodeCredentialExpires',
    // Good for 16 minutes and 40 seconds; the scrapes are 15 seconds apart.
    series: [
      { series: credential('issue'), values: '0x60' },
      { series: credential('expiry'), values: '1000x60' },
    ],
    silentAt: 53,
    firesAt: 62,
    labels: ['component="worker", credential="client-certificate", severity="warning"'],
  },
  {
    alert: 'SeiNodeWorkflowTasksFail',
    series: [
      {
        series:
          'temporal_workflow_task_execution_failed_total{workflow_type="nodeUpdate",instance="a"}',
        values: '0x9 1+1x50',
      },
    ],
    silentAt: 9,
    firesAt: 11,
    labels: ['severity="critical", workflow_type="nodeUpdate"'],
  },
];

function credential(of: 'issue' | 'expiry'): string {
  return `seinode_credential_${of}_timestamp_seconds{component="worker",credential="client-certificate"}`;
}

function leading(instance: string, lease: string): string {
  return `seinode_watcher_leading{job="seinode",instance="${instance}",lease="${lease}"}`;
}

/** Of a leader that is killed after scrape 40, and of one that follows two scrapes later. */
const HANDED_OVER: readonly InputSeries[] = [
  { series: 'seinode_stalled_nodes{reason="Refused",instance="a"}', values: '3x40 stale' },
  { series: 'seinode_stalled_nodes{reason="Refused",instance="b"}', values: '_x43 3x20' },
  {
    series: 'seinode_node_stalled_seconds{namespace="n",name="n0",reason="Refused",instance="a"}',
    values: '0+15x40 stale',
  },
  {
    series: 'seinode_node_stalled_seconds{namespace="n",name="n0",reason="Refused",instance="b"}',
    values: '_x43 645+15x20',
  },
];

/** ALERTS has the labels in the order of the alphabet, its own among them. */
function alertsOf(alert: string, labels: readonly string[]): readonly SeriesSample[] {
  return labels.map((text) => ({
    labels: `ALERTS{alertname="${alert}", alertstate="firing", ${text}}`,
    value: 1,
  }));
}

function complaintsAbout(
  series: readonly InputSeries[],
  { alert, silentAt, firesAt, labels }: Omit<(typeof FIRING)[number], 'series'>,
): string {
  const expr = `ALERTS{alertname="${alert}",alertstate="firing"}`;
  return testRules(series, [
    { expr, at: silentAt, answer: [] },
    { expr, at: firesAt, answer: alertsOf(alert, labels) },
  ]);
}

const skipped = hasPromtool() ? '' : ' (skipped: there is no promtool, see docs/metrics.md)';

describe.skipIf(skipped !== '')(`promtool${skipped}`, () => {
  it('finds the rules well-formed', () => {
    expect(checkRules()).toBe('');
  });

  it('reads every query of the dashboard', () => {
    const queries = QUERIES.map(([, expr]) => queryWithin(expr, '5m'));
    expect(checkQueries(queries)).toBe('');
  });

  it('finds all alerts silent while nothing is wrong', () => {
    const quiet = { expr: 'ALERTS', at: RECORDED_AT.trouble - 1, answer: [] };
    expect(testRules(recorded, [quiet])).toBe('');
  });

  it.each(FIRING)('sees $alert fire in the recorded run, and not too soon', (firing) => {
    expect(complaintsAbout(recorded, firing)).toBe('');
  });

  it('sees what fires about nodes go on firing while another watcher begins to lead', () => {
    const firing = [
      ...alertsOf('SeiNodeStalled', [
        'name="n0", namespace="n", reason="Refused", severity="warning"',
      ]),
      ...alertsOf('SeiNodesStalledTogether', ['severity="critical"']),
    ];
    const questions = [40, 41, 42, 43, 44].map((at) => ({
      expr: 'ALERTS{alertname=~"SeiNode.?Stalled.*",alertstate="firing"}',
      at,
      answer: firing,
    }));
    expect(testRules(HANDED_OVER, questions)).toBe('');
  });

  it.each(BY_HAND)('sees $alert fire on series made by hand, and not too soon', (firing) => {
    expect(complaintsAbout(firing.series, firing)).toBe('');
  });
});
