import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import {
  isAlive,
  kill,
  ownIdentity,
  processesWithEnvironment,
  processesWorkingIn,
  processIdentity,
  residentBytes,
} from '../../devcluster/process-table.ts';
import type { ProcessIdentity } from '../../devcluster/process-table.ts';
import { temporaryDirectory } from './temporary-directory.ts';

describe('a process identity', () => {
  it('is alive until the process ends', async () => {
    const child = sleeper();
    const identity = identityOf(child);
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isAlive(identity)).toBe(false);
    expect(processIdentity(identity.pid)).toBeUndefined();
  });

  it('is not that of a later process with the same id', () => {
    expect(isAlive(ownIdentity())).toBe(true);
    expect(isAlive({ ...ownIdentity(), startTicks: '1' })).toBe(false);
  });

  it('is not lost on a program with a blank and a parenthesis in its name', async () => {
    const program = join(await temporaryDirectory(), 'odd) S 1 (');
    await symlink('/bin/sleep', program);
    const [odd, plain] = [sleeper({}, program), sleeper()];
    const ticks = ({ startTicks }: ProcessIdentity): number => Number(startTicks);
    // This test has started both: less than a minute apart, at 100 ticks a second.
    expect(Math.abs(ticks(identityOf(odd)) - ticks(identityOf(plain)))).toBeLessThan(6000);
  });
});

describe('kill', () => {
  it('ends the process', async () => {
    const child = sleeper();
    kill(identityOf(child), 'SIGKILL');
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
  });

  it('spares a process that merely has the id', async () => {
    const child = sleeper();
    kill({ ...identityOf(child), startTicks: '1' }, 'SIGKILL');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  });
});

describe('processesWorkingIn', () => {
  it('finds what works in a directory, and nothing below it', async () => {
    const directory = await temporaryDirectory();
    const below = join(directory, 'below');
    await mkdir(below);
    const [child] = [sleeper({ cwd: directory }), sleeper({ cwd: below })];
    expect(processesWorkingIn(directory)).toEqual([{ ...identityOf(child), program: 'sleep' }]);
  });
});

describe('processesWithEnvironment', () => {
  it('finds a process and what it started, by one entry of their environment', () => {
    const value = crypto.randomUUID();
    const child = sleeper({ env: { A: '1', MARK: value, B: '2' } });
    const found = processesWithEnvironment('MARK', value);
    expect(found).toEqual([{ ...identityOf(child), program: 'sleep' }]);
  });

  it('does not find a process whose entry only begins so', () => {
    const value = crypto.randomUUID();
    sleeper({ env: { MARK: `${value}-and-more`, UNMARK: value } });
    expect(processesWithEnvironment('MARK', value)).toEqual([]);
  });
});

describe('residentBytes', () => {
  it('reads the memory of a process, and 0 of one that has ended', () => {
    expect(residentBytes(ownIdentity())).toBeGreaterThan(10_000_000);
    expect(residentBytes({ pid: 2 ** 30, startTicks: '1' })).toBe(0);
  });
});

function sleeper(options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}, program = '/bin/sleep') {
  const child = spawn(program, ['600'], { stdio: 'ignore', ...options });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function identityOf(child: ReturnType<typeof sleeper>): ProcessIdentity {
  const identity = processIdentity(child.pid ?? 0);
  if (identity === undefined) throw new Error('the process has ended');
  return identity;
}
