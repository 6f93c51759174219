import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { instanceEnvironment } from '../../../devcluster/instance/instance-processes.ts';
import { instanceNames, writeInstanceState } from '../../../devcluster/instance/instance-state.ts';
import type { InstanceState } from '../../../devcluster/instance/instance-state.ts';
import { layoutOf } from '../../../devcluster/instance/layout.ts';
import { reserveInstance } from '../../../devcluster/instance/reserve-instance.ts';
import { SIDECAR_PORT } from '../../../devcluster/instance/simulated-sidecar.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** The identity of a process that ended long ago. */
const NOBODY = { pid: process.pid, startTicks: '1' };

beforeEach(async () => {
  vi.stubEnv('XDG_CACHE_HOME', await temporaryDirectory());
  onTestFinished(() => void vi.unstubAllEnvs());
});

describe('reserveInstance', () => {
  it('gives instances that are reserved at once ports and addresses of their own', async () => {
    const states = await Promise.all(['a', 'b', 'c'].map((name) => reserve(name)));
    const ports = states.flatMap((state) => Object.values(state.ports));
    expect(new Set(ports).size).toBe(3 * 8);
    expect(new Set(states.map(({ block }) => block)).size).toBe(3);
  });

  it('gives one with PostgreSQL more ports, which nobody else gets', async () => {
    const states = await Promise.all([reserve('a', 'postgres'), reserve('b', 'postgres')]);
    const ports = states.flatMap((state) => [
      ...Object.values(state.ports),
      ...Object.values(state.postgresqlPorts ?? {}),
    ]);
    expect(new Set(ports).size).toBe(2 * (8 + 9));
    expect((await reserve('c')).postgresqlPorts).toBeUndefined();
  });

  it('passes over a block of addresses in which somebody listens', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    onTestFinished(() => void vi.restoreAllMocks());
    const { block } = await reserve('a');
    vi.stubEnv('XDG_CACHE_HOME', await temporaryDirectory());
    const server = createServer().listen(SIDECAR_PORT, `127.${block}.0.1`);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    expect((await reserve('a')).block).not.toBe(block);
  });

  it('refuses a name whose instance belongs to a running process', async () => {
    await reserve('a');
    await expect(reserve('a')).rejects.toThrow(
      `Devcluster a belongs to the running process ${process.pid}; end that, or choose another name`,
    );
  });

  it('refuses the name of a kept instance, whoever started it', async () => {
    writeInstanceState({
      ...(await reserve('a')),
      lifetime: 'kept',
      phase: 'running',
      starter: NOBODY,
    });
    await expect(reserve('a')).rejects.toThrow('Devcluster a is already running');
  });

  it.each(['', 'A', '-a', 'a/b', '..', 'a'.repeat(41)])('refuses the name %j', async (name) => {
    await expect(reserve(name)).rejects.toThrow(
      `Devcluster name ${JSON.stringify(name)} is not valid`,
    );
    expect(instanceNames()).toEqual([]);
  });

  it.each([
    ['an instance whose owner is gone', { lifetime: 'owned', phase: 'running' }],
    ['an instance whose start was broken off', { lifetime: 'kept', phase: 'starting' }],
  ] as const)('ends the processes and removes the files of %s', async (_, left) => {
    const state = await reserve('left');
    writeInstanceState({ ...state, ...left, starter: NOBODY });
    const server = serverOf('left');
    await reserve('next');
    expect(await endOf(server)).toBe('SIGKILL');
    expect(instanceNames()).toEqual(['next']);
  });

  it('may take the name of an instance whose owner is gone', async () => {
    writeInstanceState({ ...(await reserve('a')), starter: NOBODY });
    expect((await reserve('a')).starter.pid).toBe(process.pid);
  });

  it('removes a directory whose state cannot be understood', async () => {
    mkdirSync(layoutOf('torn').directory, { recursive: true });
    writeFileSync(layoutOf('torn').stateFile, '{"name":"to');
    await reserve('a');
    expect(instanceNames()).toEqual(['a']);
  });

  it('leaves instances alone that are kept or have an owner', async () => {
    writeInstanceState({
      ...(await reserve('kept')),
      lifetime: 'kept',
      phase: 'running',
      starter: NOBODY,
    });
    await reserve('owned');
    const servers = [serverOf('kept'), serverOf('owned')];
    await reserve('next');
    expect(servers.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([null, null]);
    expect(existsSync(layoutOf('kept').stateFile)).toBe(true);
    expect(existsSync(layoutOf('owned').stateFile)).toBe(true);
  });
});

function reserve(
  name: string,
  temporalStore: InstanceState['temporalStore'] = 'memory',
): Promise<InstanceState> {
  return reserveInstance({ name, lifetime: 'owned', temporalStore });
}

function serverOf(name: string): ChildProcess {
  const child = spawn('/bin/sleep', ['600'], { stdio: 'ignore', env: instanceEnvironment(name) });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function endOf(child: ChildProcess): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode ?? child.signalCode;
}
