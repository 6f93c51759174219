import path from 'node:path';

import { describe, expect, vi } from 'vitest';

import { sharedDevcluster } from '../support/testbed/devcluster.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { repositoryFile } from './node-kubectl.ts';

const it = testbedTest('cli-plugin', ['worker', 'watcher']);

describe('kubectl', () => {
  it('finds its plugin in bin/', async ({ bed, onTestFinished }) => {
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    vi.stubEnv('PATH', `${repositoryFile('bin')}${path.delimiter}${process.env['PATH'] ?? ''}`);
    await bed.nodes.createRunning('n0', V1);
    // The devcluster is opened again, and takes the current PATH.
    const cluster = sharedDevcluster();
    const listed = await cluster.kubectl(['seinode', 'list', '-n', bed.namespace]);
    expect(listed).toMatch(/n0 .*running/i);
    expect(await cluster.kubectl(['seinode', '--help'])).toContain('Usage: kubectl seinode');
    const completed = await cluster.kubectl(['__complete', 'seinode', 'set-']);
    expect(completed).toContain('set-image');
  });
});
