import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { startSilentServer } from '../support/servers/silent-server.ts';
import type { OperatorRole } from '../support/testbed/operator-process.ts';
import { launchOperatorProcess } from '../support/testbed/operator-process.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

const it = testbedTest('processes', []).extend(
  'servers',
  { scope: 'file' },
  async ({ bed: _bed }, { onCleanup }) => {
    const silent = await startSilentServer();
    onCleanup(() => silent.close());
    return {
      // A reserved port, at which nobody listens.
      'refuses connections': '127.0.0.1:1',
      'never answers': silent.address,
    };
  },
);
const ROLES: readonly OperatorRole[] = ['worker', 'watcher'];
const WAYS = ['refuses connections', 'never answers'] as const;
const BOUND = { SEINODE_CONNECT_TIMEOUT_SECONDS: '2' };
describe.for(ROLES)('the %s', (role) => {
  it.for(WAYS)(
    'ends with one line that says so when Kubernetes %s',
    async (way, { bed, servers }) => {
      const server = `https://${servers[way]}`;
      const kubeconfig = await kubeconfigOf(bed, server);
      const ended = await endOf(role, { ...bed.env, ...BOUND, KUBECONFIG: kubeconfig });
      expect(ended.log).toMatch(
        new RegExp(
          `^seinode ${role}: cannot reach Kubernetes at ${server} within 2 s: .*; check KUBECONFIG.*\n$`,
        ),
      );
      expect(ended.code).toBe(1);
    },
  );

  it.for(WAYS)(
    'ends with one line that says so when Temporal %s',
    async (way, { bed, servers }) => {
      const ended = await endOf(role, { ...bed.env, ...BOUND, TEMPORAL_ADDRESS: servers[way] });
      expect(ended.log).toMatch(
        new RegExp(
          `^seinode ${role}: cannot reach Temporal at ${servers[way]} within 2 s: .*; check TEMPORAL_ADDRESS.*\n$`,
        ),
      );
      expect(ended.code).toBe(1);
    },
  );

  it('ends with exit code 0 on SIGTERM', async ({ bed }) => {
    const running = await bed.start(role);
    expect(await running.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

describe('a worker', () => {
  it('ends with exit code 0 on SIGTERM while it waits for a rollout', async ({ bed }) => {
    const worker = await bed.start('worker');
    await bed.start('watcher');
    await bed.nodes.createRunning('n0', V1);
    const slow = 'ghcr.io/sei-protocol/sei:slow-start-60s';
    await bed.nodes.setImage('n0', slow);
    await bed.pods.until('n0-0', `it is of ${slow}`, ({ seidImage }) => seidImage === slow);
    expect(await worker.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

/** Writes a kubeconfig like the devcluster's, for another server. */
async function kubeconfigOf({ cluster }: Testbed, server: string): Promise<string> {
  const text = await readFile(cluster.kubeconfigPath, 'utf8');
  const file = path.join(cluster.logs, `${server.replaceAll(/\W/g, '-')}.kubeconfig`);
  await writeFile(file, text.replace(/server: .*/, `server: ${server}`));
  return file;
}

async function endOf(role: OperatorRole, env: Readonly<Record<string, string>>) {
  const launched = launchOperatorProcess(role, env);
  const { code } = await launched.ended;
  return { code, log: launched.log() };
}
