import { statSync } from 'node:fs';

import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { bringUp } from '../../../devcluster/instance/bring-up.ts';
import type { Devcluster } from '../../../devcluster/instance/devcluster.ts';
import {
  eraseInstance,
  postgresqlProcessesOf,
  processesOf,
} from '../../../devcluster/instance/instance-processes.ts';
import { layoutOf } from '../../../devcluster/instance/layout.ts';
import {
  crashPostgresql,
  killTemporal,
  restartPostgresql,
} from '../../support/testbed/temporal-faults.ts';
import {
  devclusterCommand,
  nameFor,
  ownedByAnother,
  remainsOf,
  startWorkflow,
  statusOf,
  withClient,
} from '../devcluster-instances.ts';
import { listeningAddresses } from '../listening-addresses.ts';

/** Much longer than the services of a server need to find their database, on a busy machine. */
const SOON = { timeout: 60_000, interval: 100 };

/** Processes of PostgreSQL have what they do behind their name, and come and go. */
const PROGRAMS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok-controller',
  'postgres',
  'simulated-sidecar',
  'temporal-server',
  'ui-server',
];

describe('a devcluster whose Temporal keeps its state in PostgreSQL', () => {
  const name = nameFor('postgres');
  let devcluster: Devcluster;

  beforeAll(async () => {
    devcluster = await bringUp({ name, temporalStore: 'postgres' });
  });

  afterAll(() => eraseInstance(name));

  it('listens on loopback addresses only', () => {
    const programs = processesOf(name).filter(({ program }) => !program.startsWith('postgres: '));
    expect(programs.map(({ program }) => program).toSorted()).toEqual(PROGRAMS);
    for (const { pid, program } of programs) {
      const addresses = listeningAddresses(pid);
      expect({ program, addresses }).not.toEqual({ program, addresses: [] });
      const foreign = addresses.filter((address) => !address.startsWith('127.'));
      expect({ program, foreign }).toEqual({ program, foreign: [] });
    }
  });

  it('runs PostgreSQL with an account without rights, in a folder of its own', () => {
    const { uid, mode } = statSync(layoutOf(name).postgresqlData);
    expect(uid).not.toBe(0);
    expect(mode & 0o777).toBe(0o700);
    const owners = postgresqlProcessesOf(name).map(({ pid }) => statSync(`/proc/${pid}`).uid);
    expect(new Set(owners)).toEqual(new Set([uid]));
  });

  it('lists runs by what the database knows of them', async () => {
    await startWorkflow(devcluster, 'listed');
    const query = `WorkflowType = 'nothing' AND ExecutionStatus = 'Running'`;
    const listed = () =>
      withClient(devcluster, async ({ workflow }) => {
        const ids: string[] = [];
        for await (const { workflowId } of workflow.list({ query })) ids.push(workflowId);
        return ids;
      });
    await expect.poll(listed, SOON).toEqual(['listed']);
  });

  it('serves a Web UI of its Temporal server', async () => {
    const answer = await fetch(`${devcluster.temporalUiUrl}/api/v1/namespaces/default`);
    expect(await answer.json()).toMatchObject({ namespaceInfo: { name: 'default' } });
  });

  it.each([
    ['a Temporal server that is stopped', (it: Devcluster) => it.stopTemporal(), 'startTemporal'],
    ['a Temporal server that is killed', (it: Devcluster) => killTemporal(it), 'startTemporal'],
    ['a PostgreSQL that is restarted', (it: Devcluster) => restartPostgresql(it), undefined],
    ['a PostgreSQL that crashes', (it: Devcluster) => crashPostgresql(it), undefined],
  ] as const)('keeps what it knew over %s', async (what, fault, start) => {
    await startWorkflow(devcluster, what);
    await fault(devcluster);
    if (start !== undefined) await devcluster[start]();
    // The server connects to its database again on its own.
    await expect.poll(() => statusOf(devcluster, what).catch(String), SOON).toBe('RUNNING');
  });

  it('can be emptied', async () => {
    await startWorkflow(devcluster, 'lost');
    await devcluster.stopTemporal();
    await devcluster.startTemporal({ emptied: true });
    await expect(statusOf(devcluster, 'lost')).rejects.toThrow(WorkflowNotFoundError);
    await startWorkflow(devcluster, 'found');
    expect(await statusOf(devcluster, 'found')).toBe('RUNNING');
  });

  it('leaves no process and no file when it is taken down', async () => {
    await devcluster.down();
    expect(remainsOf(name)).toEqual([]);
  });
});

describe('a devcluster on PostgreSQL of another process', () => {
  it('is gone when that is ended', async () => {
    const { name, owner } = await ownedByAnother('postgres-owned', 'postgres');
    await owner.said('is up');
    expect(postgresqlProcessesOf(name)).not.toEqual([]);
    owner.signal('SIGTERM');
    expect(await owner.ended).toBe('SIGTERM');
    expect(remainsOf(name)).toEqual([]);
  });
});

describe('npm run devcluster', () => {
  it('keeps a devcluster on PostgreSQL until it is taken down', async () => {
    const name = nameFor('postgres-cli');
    onTestFinished(() => eraseInstance(name));
    const up = await devclusterCommand('--name', name, 'up', '--temporal', 'postgres');
    expect(up).toMatchObject({ code: 0 });
    expect(await devclusterCommand('--name', name, 'up', '--temporal', 'postgres')).toEqual({
      ...up,
      stderr: '',
    });
    const status = await devclusterCommand('status');
    expect(status.stdout).toMatch(new RegExp(`^${name}: running since \\S+, kept, `, 'm'));
    expect(status.stdout).not.toContain('not running:');
    const down = await devclusterCommand('--name', name, 'down');
    expect(down).toEqual({ code: 0, stdout: `Devcluster ${name} is down.`, stderr: '' });
    expect(remainsOf(name)).toEqual([]);
  });
});
