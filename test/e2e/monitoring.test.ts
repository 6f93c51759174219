import { describe, expect } from 'vitest';

import { alertRules } from '../deploy/monitoring/alert-rules.ts';
import { dashboard, QUERIES, queryWithin } from '../deploy/monitoring/dashboard.ts';
import type { Answer, Prometheus } from '../deploy/monitoring/prometheus.ts';
import { hasPrometheus, startPrometheus } from '../deploy/monitoring/prometheus.ts';
import { ANY_PORT, metricsUrl } from '../metrics/scrape.ts';
import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import type { OperatorRole } from '../support/testbed/operator-process.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { CANNOT_PULL } from './stuck-updates.ts';

/** Covers all of the run below, also on a slow machine. */
const WINDOW = '10m';

/** Panels that are empty in a run of a minute in which these do not happen. */
const MAY_BE_EMPTY: Readonly<Record<string, string>> = {
  'Watches that broke A': 'watches end after five minutes at the earliest',
  'Requests to Temporal that failed A': 'Temporal answers',
  'Life left of credentials A': 'Temporal asks for none',
  'Oldest due work B': 'all work is begun at once; see the last test',
};

/** Alerts that find nothing to compare while the operator does its work; see the last test. */
const NOTHING_TO_COMPARE: Readonly<Record<string, string>> = {
  SeiNodeWorkerAbsent: 'a worker runs',
  SeiNodeWatcherAbsent: 'a watcher runs',
  SeiNodeWorkNotBegun: 'all work is begun at once',
  SeiNodeWorkflowTasksFail: 'no workflow task fails',
  SeiNodeCredentialExpires: 'Temporal asks for no credentials',
};

const it = testbedTest('monitoring', []).extend(
  'prometheus',
  { scope: 'file' },
  async ({ bed }, { onCleanup }) => {
    const watcher = (name: string) =>
      bed.start('watcher', {
        ...ANY_PORT,
        SEINODE_LEADER_ELECTION: 'true',
        POD_NAME: name,
        POD_NAMESPACE: bed.namespace,
      });
    const operators = await Promise.all([
      bed.start('worker', ANY_PORT),
      watcher('first'),
      watcher('second'),
    ]);
    const prometheus = await startPrometheus(
      operators.map((operator) => new URL(metricsUrl(operator)).host),
    );
    onCleanup(() => prometheus.close());
    await bringAbout(bed, prometheus);
    return prometheus;
  },
);

/** Returns the alert's expression without what it is compared with. */
function comparedBy(expr: string): string {
  return expr.replace(/\s(?:>|>=|==)\s\d+$/, '');
}

/** Causes bring-ups, updates, and each trouble that a panel or an alert is about. */
async function bringAbout(bed: Testbed, prometheus: Prometheus): Promise<void> {
  await bed.sidecars.setFaults(bed.key('doomed'), {
    kind: 'task-fails',
    error: 'no such peer',
    taskTypes: ['config-apply'],
  });
  await bed.sidecars.setFaults(bed.key('unauthorized'), { kind: 'unauthorized' });
  await rolled(bed, 'n0');
  // The first value of a series is no increase of it, so the first of each is seen before the second.
  await eventually(
    'the first update was scraped',
    async () => (await prometheus.query('seinode_update_duration_seconds_count > 0')).length > 0,
  );
  await Promise.all([
    rolled(bed, 'n1'),
    bed.nodes.create('doomed', { image: V1 }),
    bed.nodes.create('unauthorized', { image: V1 }),
    bed.nodes.createRunning('stuck', V1),
    bed.nodes.createRunning('denied', V1),
  ]);
  await bed.nodes.setImage('stuck', CANNOT_PULL);
  await bed.nodes.patchSpec('denied', {
    sidecar: { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
  });
  for (const name of ['stuck', 'denied', 'unauthorized']) {
    await bed.nodes.until(name, 'it is stalled', (node) =>
      (conditionOf(node, 'Stalled') ?? '').startsWith('True'),
    );
  }
  await bed.nodes.until('doomed', 'it has failed', ({ status }) => status?.phase === 'Failed');
}

async function rolled(bed: Testbed, name: string): Promise<void> {
  await bed.nodes.createRunning(name, V1);
  await bed.nodes.setImage(name, V2);
  await bed.nodes.untilSettledOn(name, V2);
}

/** Keeps what there is to draw: a quantile of nothing is no number. */
function drawn(answers: readonly Answer[]): readonly Answer[] {
  return answers.filter(({ value }) => Number.isFinite(value));
}

const skipped = hasPrometheus() ? '' : ' (skipped: there is no prometheus, see docs/metrics.md)';

describe.skipIf(skipped !== '')(`a Prometheus that scrapes a real run${skipped}`, () => {
  const panels = QUERIES.filter(([shownBy]) => !(shownBy in MAY_BE_EMPTY));

  it.for(panels)('has something to draw for "%s"', async ([, expr], { prometheus }) => {
    const query = queryWithin(expr, WINDOW);
    await eventually(
      `${query} has a value`,
      async () => drawn(await prometheus.query(query)).length > 0,
    );
  });

  it.for(Object.keys(MAY_BE_EMPTY))(
    'understands what "%s" asks',
    async (shownBy, { prometheus }) => {
      const [, expr = ''] = QUERIES.find(([name]) => name === shownBy) ?? [];
      expect(expr).not.toBe('');
      await expect(prometheus.query(queryWithin(expr, WINDOW))).resolves.toBeInstanceOf(Array);
    },
  );

  it('evaluates every alert rule', async ({ prometheus }) => {
    await eventually('each rule was evaluated', async () =>
      (await prometheus.rules()).every(({ health }) => health !== 'unknown'),
    );
    const rules = await prometheus.rules();
    expect(rules.map(({ name }) => name)).toEqual(alertRules.map(({ alert }) => alert));
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it.for(alertRules.filter(({ alert }) => !(alert in NOTHING_TO_COMPARE)))(
    'has what $alert compares',
    async ({ expr }, { prometheus }) => {
      const compared = comparedBy(expr);
      expect(compared).not.toBe(expr);
      await eventually(
        `${compared} has a value`,
        async () => (await prometheus.query(compared)).length > 0,
      );
    },
  );

  it('fires for the node that has failed, which the dashboard marks', async ({ prometheus }) => {
    const [marks] = dashboard.annotations.list;
    await eventually('the alert is marked', async () =>
      (await prometheus.query(marks?.expr ?? '')).some(
        ({ labels }) => labels['alertname'] === 'SeiNodeFailed',
      ),
    );
  });

  it('counts each node once, whoever of the watchers leads', async ({ prometheus }) => {
    const counts = {
      'count(seinode_watcher_leading)': 2,
      'sum(seinode_watcher_leading)': 1,
      'sum(seinode_nodes)': 6,
      // The failed node is held back as well.
      'sum(seinode_stalled_nodes)': 4,
      'count(seinode_node_stalled_seconds)': 4,
    };
    for (const [expr, wanted] of Object.entries(counts)) {
      await eventually(`${expr} is ${wanted}`, async () =>
        (await prometheus.query(expr)).some(({ value }) => value === wanted),
      );
    }
  });

  it('has what shows that an operator is gone', async ({ bed, prometheus }) => {
    const answers = async (alert: string) => {
      const rule = alertRules.find((one) => one.alert === alert);
      return prometheus.query(comparedBy(rule?.expr ?? ''));
    };
    const kill = (role: OperatorRole) =>
      Promise.all(
        bed
          .processes()
          .filter((each) => each.role === role)
          .map((each) => each.stop('SIGKILL')),
      );
    await kill('worker');
    await bed.nodes.create('later', { image: V1 });
    for (const alert of ['SeiNodeWorkNotBegun', 'SeiNodeWorkerAbsent']) {
      await eventually(`${alert} has a value`, async () => (await answers(alert)).length > 0);
    }
    await kill('watcher');
    await eventually(
      'SeiNodeWatcherAbsent has a value',
      async () => (await answers('SeiNodeWatcherAbsent')).length > 0,
    );
  });
});
