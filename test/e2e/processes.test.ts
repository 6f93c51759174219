import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect } from 'vitest';

import type { OperatorRole } from '../support/operator-process.ts';
import { launchOperatorProcess } from '../support/operator-process.ts';
import { V1 } from '../support/sei-nodes.ts';
import { testbedTest } from '../support/testbed-test.ts';

const it = testbedTest('processes', []);
const ROLES: readonly OperatorRole[] = ['worker', 'watcher'];
/** Nobody listens there: it is a reserved port. */
const NOBODY = '127.0.0.1:1';
const BOUND = { SEINODE_CONNECT_TIMEOUT_SECONDS: '2' };
/** The bound, and the start of a process on a busy machine. */
const WITHIN_MS = 15_000;

describe.for(ROLES)('the %s', (role) => {
  it('ends with one line that says so when Kubernetes cannot be reached', async ({ bed }) => {
    const kubeconfig = await readFile(bed.cluster.kubeconfigPath, 'utf8');
    const unreachable = path.join(bed.cluster.logs, `unreachable-${role}.kubeconfig`);
    await writeFile(unreachable, kubeconfig.replace(/server: .*/, `server: https://${NOBODY}`));
    const ended = await endOf(role, { ...bed.env, ...BOUND, KUBECONFIG: unreachable });
    expect(ended.code).toBe(1);
    expect(ended.lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^seinode ${role}: cannot reach Kubernetes at https://${NOBODY} within 2 s: .*ECONNREFUSED.*; check KUBECONFIG`,
        ),
      ),
    ]);
  });

  it('ends with one line that says so when Temporal cannot be reached', async ({ bed }) => {
    const ended = await endOf(role, { ...bed.env, ...BOUND, TEMPORAL_ADDRESS: NOBODY });
    expect(ended.code).toBe(1);
    expect(ended.lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^seinode ${role}: cannot reach Temporal at ${NOBODY} within 2 s: .*; check TEMPORAL_ADDRESS`,
        ),
      ),
    ]);
  });

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

async function endOf(role: OperatorRole, env: Readonly<Record<string, string>>) {
  const startedAt = Date.now();
  const launched = launchOperatorProcess(role, env);
  const { code } = await launched.ended;
  expect(Date.now() - startedAt).toBeLessThan(WITHIN_MS);
  return { code, lines: launched.log().trim().split('\n') };
}
