import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { describe, expect } from 'vitest';

import { startBuilt } from '../build/built-process.ts';
import { productionTree } from '../build/production-tree.ts';
import { V1, V2 } from '../support/sei-nodes.ts';
import { testbedTest } from '../support/testbed-test.ts';

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

/** By what they need of the build: another workflow bundle each, and modules loaded by their path. */
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
        startBuilt(tree, role, { ...bed.env, ...env(tree) });
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

  it('has the command line', async ({ tree }) => {
    const script = path.join(tree, 'dist', 'seinode.js');
    const { stdout } = await run(process.execPath, [script, 'cli', '--help']);
    expect(stdout).toContain('Usage: seinode');
  });

  it('has the set-up of the Temporal namespace', async ({ bed, tree }) => {
    const script = path.join(tree, 'dist', 'seinode.js');
    const { stdout } = await run(process.execPath, [script, 'set-up'], { env: bed.env });
    expect(stdout).toContain(bed.cluster.temporalAddress);
  });
});
