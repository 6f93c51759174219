import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Connection, WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

import { bringUp } from '../../devcluster/instance/bring-up.ts';
import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { eraseInstance, processesOf } from '../../devcluster/instance/instance-processes.ts';
import { failureLogs, layoutOf } from '../../devcluster/instance/layout.ts';
import {
  devclusterCommand,
  nameFor,
  ownedByAnother,
  remainsOf,
  startWorkflow,
  statusOf,
} from './devcluster-instances.ts';
import { listeningAddresses } from './listening-addresses.ts';

describe('two devclusters', () => {
  let one: Devcluster;
  let other: Devcluster;

  beforeAll(async () => {
    [one, other] = await Promise.all([
      bringUp({ name: nameFor('one'), temporalStore: 'file' }),
      bringUp({ name: nameFor('other'), temporalStore: 'none' }),
    ]);
  });

  // Takes instances down by name: if one could not be started, the other is there all the same.
  afterAll(() => {
    eraseInstance(nameFor('one'));
    eraseInstance(nameFor('other'));
  });

  it('share neither objects nor addresses', async () => {
    await one.kubectl(['create', 'namespace', 'mine']);
    expect(await one.kubectl(['get', 'namespace', '-o', 'name'])).toContain('namespace/mine');
    expect(await other.kubectl(['get', 'namespace', '-o', 'name'])).not.toContain('namespace/mine');
    expect(one.cidr).not.toBe(other.cidr);
  });

  it('audit nothing that they were not asked to', () => {
    expect(existsSync(one.logs)).toBe(true);
    expect(existsSync(one.auditLog)).toBe(false);
  });

  it('listen on loopback addresses only', () => {
    const programs = processesOf(one.name);
    expect(programs.map(({ program }) => program).toSorted()).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kwok-controller',
      'simulated-sidecar',
      'temporal',
    ]);
    for (const { pid, program } of programs) {
      const addresses = listeningAddresses(pid);
      expect({ program, addresses }).not.toEqual({ program, addresses: [] });
      const foreign = addresses.filter((address) => !address.startsWith('127.'));
      expect({ program, foreign }).toEqual({ program, foreign: [] });
    }
  });

  it('have nodes for every pool, without a taint that keeps pods away', async () => {
    const taints = '-o=jsonpath={range .items[*]}{.metadata.name}={.spec.taints[*].key},{end}';
    expect(await one.kubectl(['get', 'nodes', taints])).toBe(
      'archive-pool=sei.io/workload,default-pool=sei.io/workload,general=,',
    );
  });

  it('say what kubectl wrote when it fails', async () => {
    await expect(one.kubectl(['get', 'pod', 'nobody'])).rejects.toThrow(
      'kubectl get pod nobody ended with exit code 1: Error from server (NotFound): pods "nobody" not found',
    );
  });

  it('have a Temporal server that can be away for a while and keeps what it knew', async () => {
    await startWorkflow(one, 'kept');
    await one.stopTemporal();
    await expect(
      Connection.connect({ address: one.temporalAddress, connectTimeout: '1 second' }),
    ).rejects.toThrow('Failed to connect before the deadline');
    await one.startTemporal();
    expect(await statusOf(one, 'kept')).toBe('RUNNING');
  });

  it('have a Temporal server that can be emptied', async () => {
    await startWorkflow(one, 'lost');
    await one.stopTemporal();
    await one.startTemporal({ emptied: true });
    await expect(statusOf(one, 'lost')).rejects.toThrow(WorkflowNotFoundError);
  });

  it('serve a Web UI of their Temporal server', async () => {
    // The client returns on its own to a server that was away.
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${one.temporalUiUrl}/api/v1/namespaces/${one.namespace}`);
        expect(await answer.json()).toMatchObject({ namespaceInfo: { name: one.namespace } });
      },
      { timeout: 60_000, interval: 100 },
    );
  });
});

describe('a devcluster', () => {
  it('leaves no process and no file when it is taken down', async () => {
    const devcluster = await bringUp({ name: nameFor('down'), temporalStore: 'memory' });
    expect(processesOf(devcluster.name)).not.toEqual([]);
    await devcluster.down();
    expect(remainsOf(devcluster.name)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves no process and no file when its owner is ended by %s',
    async (signal) => {
      const { name, owner } = await ownedByAnother(`ended-by-${signal.toLowerCase()}`);
      await owner.said('is up');
      owner.signal(signal);
      expect(await owner.ended).toBe(signal);
      expect(remainsOf(name)).toEqual([]);
    },
  );

  it('that cannot be started leaves nothing but its logs, and says which program failed', async () => {
    vi.stubEnv('SEINODE_DEVCLUSTER_TEMPORAL', '/bin/false');
    const name = nameFor('fails');
    const logs = failureLogs(name);
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await rm(logs, { recursive: true, force: true });
    });
    const failure: unknown = await bringUp({ name }).catch((err: unknown) => err);
    // Either the start misses the program, or it does not answer after that: one message names it by its binary.
    expect(String(failure)).toMatch(/temporal ended at once; see temporal\.log\./i);
    expect(String(failure)).toContain(`Devcluster ${name} could not be started`);
    expect(existsSync(join(logs, 'temporal.log'))).toBe(true);
    expect(remainsOf(name)).toEqual([]);
  });

  it('leaves nothing when its owner is ended while it starts', async () => {
    const { name, owner } = await ownedByAnother('ended-early');
    await expect.poll(() => processesOf(name).length, { timeout: 60_000 }).toBeGreaterThan(2);
    owner.signal('SIGTERM');
    expect(await owner.ended).toBe('SIGTERM');
    expect(remainsOf(name)).toEqual([]);
  });

  it('that its owner left behind in a crash is erased by the next that comes up', async () => {
    const { name, owner } = await ownedByAnother('crashed');
    await owner.said('is up');
    // The process is not looked at afterwards: an instance that somebody else brings up may have erased it by then.
    expect(processesOf(name)).not.toEqual([]);
    owner.signal('SIGKILL');
    await owner.ended;
    const next = await bringUp({ name: nameFor('next'), temporalStore: 'none' });
    await next.down();
    expect(remainsOf(name)).toEqual([]);
  });
});

describe('npm run devcluster', () => {
  it('brings a devcluster up that stays until it is taken down', async () => {
    const name = nameFor('cli');
    onTestFinished(() => eraseInstance(name));
    const up = await devclusterCommand('--name', name, 'up', '--temporal-store', 'none');
    expect(up).toMatchObject({ code: 0 });
    expect(up.stdout).toContain(`export KUBECONFIG='${layoutOf(name).kubeconfig}'`);

    expect(await devclusterCommand('--name', name, 'up')).toEqual({ ...up, stderr: '' });
    expect(await devclusterCommand('--name', name, 'up', '--temporal', 'postgres')).toEqual({
      code: 1,
      stdout: '',
      stderr: `Devcluster ${name} runs with Temporal's store none, not postgres: take it down first, or give another --name\n`,
    });
    const pods = await devclusterCommand('--name', name, 'kubectl', 'get', 'nodes', '-o', 'name');
    expect(pods.stdout).toBe('node/archive-pool\nnode/default-pool\nnode/general');
    const status = await devclusterCommand('status');
    expect(status.stdout).toMatch(
      new RegExp(`^${name}: running since \\S+, kept, 6 processes, \\d+ MB$`, 'm'),
    );

    const down = await devclusterCommand('--name', name, 'down');
    expect(down).toEqual({ code: 0, stdout: `Devcluster ${name} is down.`, stderr: '' });
    expect(remainsOf(name)).toEqual([]);
  });

  it('passes the exit code of kubectl on', async () => {
    const name = nameFor('none');
    const { code, stderr } = await devclusterCommand('--name', name, 'kubectl', 'get', 'pods');
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no running devcluster ${name}`);
  });
});
