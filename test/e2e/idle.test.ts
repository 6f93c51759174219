import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect } from 'vitest';

import type { ApiRecorder } from '../support/servers/api-recorder.ts';
import { startApiRecorder } from '../support/servers/api-recorder.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { untilQuiet } from '../support/testbed/until-quiet.ts';

/** Has as many resyncs and probes, at one a second each, as two hours have. */
const IDLE_MS = 120_000;
/** Fifty nodes at once on a busy machine of two cores. */
const COME_UP_MS = 240_000;
/** Some of the nodes are changed besides. */
const LONG = { timeout: COME_UP_MS + 2 * IDLE_MS };
const EVERY_SECOND = { SEINODE_RESYNC_SECONDS: '1', SEINODE_SIDECAR_PROBE_SECONDS: '1' };

const NAMES = Array.from({ length: 50 }, (_, index) => `n${index}`);

const it = testbedTest('idle', []).extend(
  'recorders',
  { scope: 'file' },
  async ({ bed }, { onCleanup }) => {
    const worker = await startApiRecorder(bed.cluster, bed.envOf('worker'));
    const watcher = await startApiRecorder(bed.cluster, bed.envOf('watcher'));
    onCleanup(async () => {
      await Promise.all([worker.close(), watcher.close()]);
    });
    return { worker, watcher };
  },
);

describe('fifty nodes at rest', () => {
  it('cost no request but watches, and start no run', LONG, async ({ bed, recorders }) => {
    // Each resync repeats due work, and fifty bring-ups a second are too many to repeat.
    const first = await Promise.all([bed.start('worker'), bed.start('watcher')]);
    await Promise.all(NAMES.map((name) => bed.nodes.createRunning(name, V1, COME_UP_MS)));
    // One node for each state at rest: updated, behind its template, paused.
    const [updated = '', behind = '', paused = ''] = NAMES;
    await bed.nodes.setImage(updated, V2);
    await bed.nodes.patchSpec(behind, { podLabels: { team: 'infra' } });
    await bed.nodes.patchSpec(paused, { paused: true });
    await bed.nodes.untilSettledOn(updated, V2);
    await bed.nodes.until(
      behind,
      'its pod is behind its template',
      (node) => conditionOf(node, 'PodCurrent') === 'False/TemplateChanged',
    );
    await bed.nodes.until(
      paused,
      'it is paused',
      (node) => conditionOf(node, 'Paused') === 'True/Paused',
    );
    await bed.kubectl(['wait', '--for=delete', `pod/${paused}-0`, '--timeout=60s']);
    const runsOfAll = () => Promise.all(NAMES.map((name) => bed.runs.closed(bed.key(name))));
    await runsOfAll();
    await Promise.all(first.map((each) => each.stop('SIGTERM')));
    await Promise.all([
      bed.start('worker', { ...EVERY_SECOND, KUBECONFIG: recorders.worker.kubeconfigPath }),
      bed.start('watcher', { ...EVERY_SECOND, KUBECONFIG: recorders.watcher.kubeconfigPath }),
    ]);
    await untilQuiet([recorders.worker, recorders.watcher]);
    const runsBefore = await runsOfAll();
    const callsBefore = [calls(recorders.worker).length, calls(recorders.watcher).length];
    const versionsBefore = NAMES.map((name) => bed.nodes.versions(name).length);

    // A test cannot wait for something that must not happen.
    await delay(IDLE_MS);

    expect(calls(recorders.worker).slice(callsBefore[0])).toEqual([]);
    expect(calls(recorders.watcher).slice(callsBefore[1])).toEqual([]);
    expect(NAMES.map((name) => bed.nodes.versions(name).length)).toEqual(versionsBefore);
    const idsOf = (runs: typeof runsBefore) => runs.flat().map(({ runId }) => runId);
    expect(idsOf(await runsOfAll())).toEqual(idsOf(runsBefore));
    // The prober looked at them meanwhile.
    expect(await probes(bed, NAMES.at(-1) ?? '')).toBeGreaterThan(10);
  });
});

/** Lists the requests that are not watches, one line each. */
function calls({ requests }: ApiRecorder): readonly string[] {
  return requests.filter(({ isWatch }) => !isWatch).map(({ method, path }) => `${method} ${path}`);
}

async function probes(bed: Testbed, node: string): Promise<number> {
  const journal = await bed.sidecars.journal(bed.key(node));
  return journal.filter(({ call }) => call.kind === 'healthz').length;
}
