import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { toolNames } from '../../../devcluster/binaries/tool.ts';
import { eventually } from '../../support/eventually.ts';
import { startChild } from '../child.ts';
import type { Child } from '../child.ts';
import { emptyMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { startReleaseServer } from './release-server.ts';

const PROGRAM = join(import.meta.dirname, '..', 'programs', 'ensure-binaries.ts');

// The first build hangs, for ever as far as a test is concerned, and prints its process id.
const FIRST_BUILD_HANGS = [
  'pid="${0%/*}/../go.pid"',
  '[ -e "$pid" ] || { echo half > "$program"; echo $$ > "$pid"; /bin/sleep 600; }',
];

describe('an installation', () => {
  it('is done once by two processes that start at once', async () => {
    const machine = await emptyMachine();
    await machine.installGo('/bin/sleep 0.05');
    const [first, second] = [install(machine), install(machine)];
    await Promise.all([first.said('has all binaries'), second.said('has all binaries')]);
    expect(machine.builds()).toHaveLength(toolNames.length);
  });

  it('is taken over by the process that waits when the other is killed in the middle', async () => {
    const machine = await emptyMachine();
    await machine.installGo(...FIRST_BUILD_HANGS);
    const first = install(machine);
    const orphan = await pidOfGo(machine);
    const second = install(machine);
    await second.said('Waiting for another process to install the binaries');
    first.signal('SIGKILL');
    await second.said('has all binaries');
    expect(await machine.cached()).toHaveLength(toolNames.length);
    expect(existsSync(`/proc/${orphan}/cwd`)).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'that builds leaves no file and no process when it is ended by %s',
    async (signal) => {
      const machine = await emptyMachine();
      await machine.installGo(...FIRST_BUILD_HANGS);
      const child = install(machine);
      const go = await pidOfGo(machine);
      child.signal(signal);
      expect(await child.ended).toBe(signal);
      await eventually('Go has ended', () => !existsSync(`/proc/${go}/cwd`));
      expect(await machine.cached()).toEqual([]);
    },
  );

  it('that downloads leaves no file when it is ended', async () => {
    const releases = await startReleaseServer();
    releases.breakRelease('etcd', (response, body) => {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, 10));
    });
    const machine = await emptyMachine(releases.url);
    const child = install(machine);
    await eventually('the download has begun', async () => (await machine.cached()).length === 1);
    child.signal('SIGTERM');
    expect(await child.ended).toBe('SIGTERM');
    expect(await machine.cached()).toEqual([]);
  });
});

function install(machine: Machine): Child {
  const child = startChild(PROGRAM, [], machine.env);
  onTestFinished(() => child.signal('SIGKILL'));
  return child;
}

async function pidOfGo(machine: Machine): Promise<number> {
  const file = machine.at('go.pid');
  await eventually('Go builds', () => existsSync(file) && readFileSync(file, 'utf8') !== '');
  return Number(readFileSync(file, 'utf8'));
}
