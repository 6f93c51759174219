import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { hasCode } from '../has-code.ts';
import { kill, processesWithEnvironment, processesWorkingIn } from '../process-table.ts';
import type { FoundProcess } from '../process-table.ts';
import { instancesDirectory, layoutOf } from './layout.ts';

/**
 * Every process of an instance, and all that they start, carries the instance's directory in its environment. That
 * finds processes that nobody could record before a crash, and never one that merely got a recorded process id.
 */
const MARKER = 'SEINODE_DEVCLUSTER_INSTANCE';

/**
 * Returns the whole environment of an instance's process. It passes on nothing else of the user's, so that a
 * KUBECONFIG, KWOK_ or TEMPORAL_ variable of theirs cannot change what an instance is, and tools that write to the home
 * folder write into the instance.
 */
export function instanceEnvironment(name: string): Record<string, string> {
  const { directory } = layoutOf(name);
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: directory,
    KWOK_WORKDIR: directory,
    [MARKER]: directory,
  };
}

export function processesOf(name: string): FoundProcess[] {
  const { directory } = layoutOf(name);
  const marked = processesWithEnvironment(MARKER, directory);
  const pids = new Set(marked.map(({ pid }) => pid));
  return [...marked, ...postgresqlProcessesOf(name).filter(({ pid }) => !pids.has(pid))];
}

/** Finds them by where they work: PostgreSQL writes the titles of its processes over their environment. */
export function postgresqlProcessesOf(name: string): FoundProcess[] {
  const { postgresqlData } = layoutOf(name);
  return existsSync(postgresqlData) ? processesWorkingIn(postgresqlData) : [];
}

/**
 * Ends every process of an instance and removes its directory. Synchronous, so that it can run while this process
 * exits. Does nothing for an instance that is not there.
 */
export function eraseInstance(name: string): void {
  endProcesses(name);
  removeAtOnce(layoutOf(name).directory);
}

/**
 * Ends every process of an instance. Nothing of an instance outlives it, so SIGKILL costs nothing. `kwokctl delete`
 * would kill whatever now has the process ids in its files: after a reboot, any process.
 */
export function endProcesses(name: string): void {
  // The kernel ends a killed process within milliseconds, unless it waits for a broken disk.
  const deadline = performance.now() + 10_000;
  // A dying process can still start another (kwokctl in the middle of its work), so look again.
  for (let found = processesOf(name); found.length > 0; found = processesOf(name)) {
    for (const each of found) kill(each, 'SIGKILL');
    if (performance.now() > deadline) throw new Error(survivors(name, found));
    pause(10);
  }
}

/** Renames it first: whoever takes the name next must neither see nor lose a file. */
function removeAtOnce(directory: string): void {
  const doomed = join(instancesDirectory(), `.erased-${randomUUID()}`);
  try {
    renameSync(directory, doomed);
  } catch (err) {
    if (hasCode(err, 'ENOENT')) return;
    throw err;
  }
  rmSync(doomed, { recursive: true, force: true });
}

function survivors(name: string, found: readonly FoundProcess[]): string {
  const list = found.map(({ program, pid }) => `${program} (${pid})`).join(', ');
  return `Devcluster ${name} cannot be taken down: ${list} do not end`;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
