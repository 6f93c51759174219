import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { describe, expect } from 'vitest';

import { startBuilt } from '../build/built-process.ts';
import { productionTree } from '../build/production-tree.ts';
import { startOtlpCollector } from '../metrics/otlp-collector.ts';
import { lineageOf } from '../metrics/span-lineage.ts';
import { eventually } from '../support/eventually.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const run = promisify(execFile);

const it = testbedTest('built', []).extend(
  'tree',
  { scope: 'file' },
  async ({ bed: _bed }, { onCleanup }) => {
    const tree = await mkdtemp(path.join(tmpdir(), 'seinode-built-'));
    onCleanup(() => rm(tree, { recursive: true }));
    await productionTree(tree);
    await writeFile(path.join(tree, 'payload-keys'), `k1 ${randomBytes(32).toString('hex')}\n`);
    return tree;
  },
);

/** The settings by what they need of the build: another workflow bundle each, and modules loaded by their path. */
const SETTINGS = [
  { name: 'plain', are: 'by default', env: () => ({}) },
  {
    name: 'encrypted',
    are: 'that encrypt',
    env: (tree: string) => ({ SEINODE_PAYLOAD_KEY_FILE: path.join(tree, 'payload-keys') }),
  },
];

describe('what is shipped, with nothing of development beside it and no right to write a file', () => {
  it.for(SETTINGS)(
    'brings a node up, rolls it, and ends with exit code 0, with settings $are',
    async ({ name, env }, { bed, tree }) => {
      const start = (role: 'worker' | 'watcher') =>
        startBuilt(tree, role, { ...bed.envOf(role), ...env(tree) });
      const processes = [start('worker'), start('watcher')];
      try {
        await Promise.all(processes.map(({ started }) => started));
        await bed.nodes.createRunning(name, V1);
        await bed.nodes.setImage(name, V2);
        await bed.nodes.untilSettledOn(name, V2);
      } finally {
        await Promise.all(processes.map((each) => each.stop()));
      }
      expect(await Promise.all(processes.map((each) => each.stop()))).toEqual([0, 0]);
    },
  );

  it('makes one trace of an update: watcher, workflow, activity', async ({ bed, tree }) => {
    const collector = await startOtlpCollector();
    // Sets both at once: a bundle that is traced differs from one that is traced and encodes failures.
    const env = {
      SEINODE_PAYLOAD_KEY_FILE: path.join(tree, 'payload-keys'),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    const processes = (['worker', 'watcher'] as const).map((role) =>
      startBuilt(tree, role, { ...bed.envOf(role), ...env }),
    );
    try {
      await Promise.all(processes.map(({ started }) => started));
      await bed.nodes.createRunning('traced', V1);
      await bed.nodes.setImage('traced', V2);
      await bed.nodes.untilSettledOn('traced', V2);
      const lineage = () => lineageOf('RunActivity:finishUpdate', collector.spans());
      await eventually('its last step goes back to the watcher', () =>
        (lineage().at(-1)?.name ?? '').startsWith('SignalWithStartWorkflow:'),
      );
      expect(lineage().map(({ name }) => name)).toContain('RunWorkflow:nodeUpdate');
      expect(lineage().at(0)?.service).toBe('seinode-worker');
      expect(lineage().at(-1)?.service).toBe('seinode-watcher');
      expect(new Set(lineage().map(({ traceId }) => traceId)).size).toBe(1);
    } finally {
      await Promise.all(processes.map((each) => each.stop()));
      collector.close();
    }
    expect(await Promise.all(processes.map((each) => each.stop()))).toEqual([0, 0]);
  });

  it('has the command line', async ({ tree }) => {
    const script = path.join(tree, 'dist', 'seinode.js');
    const version = await run(process.execPath, [script, 'cli', '--version']);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { stdout } = await run(process.execPath, [script, 'cli', '--help']);
    expect(stdout).toContain('Usage: seinode');
  });

  it('has the set-up of the Temporal namespace', async ({ bed, tree }) => {
    const script = path.join(tree, 'dist', 'seinode.js');
    const { stdout } = await run(process.execPath, [script, 'set-up'], { env: bed.env });
    expect(stdout).toContain(bed.cluster.temporalAddress);
  });
});
