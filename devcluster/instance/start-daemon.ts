import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { processIdentity } from '../process-table.ts';
import type { ProcessIdentity } from '../process-table.ts';
import type { Account } from '../run-program.ts';

export interface DaemonOptions {
  /** File that its output is appended to. */
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Open files that it has from descriptor 3 on. */
  readonly files?: readonly number[];
  /** The account that it runs with; by default that of this process. */
  readonly account?: Account | undefined;
}

/**
 * Starts a program that outlives this process, in a session of its own: Ctrl-C in the terminal then reaches only the
 * process that will stop things in their proper order.
 *
 * @param program.name its name in a list of processes, whatever the name of its file
 */
export async function startDaemon(
  program: { readonly path: string; readonly name: string },
  args: readonly string[],
  { log, env, cwd, files = [], account }: DaemonOptions,
): Promise<ProcessIdentity> {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'a');
  try {
    const child = spawn(program.path, args, {
      argv0: program.name,
      detached: true,
      env,
      cwd,
      ...account,
      stdio: ['ignore', file, file, ...files],
    });
    await once(child, 'spawn');
    child.unref();
    const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
    if (identity === undefined)
      throw new Error(`${program.name} ended at once; see ${basename(log)}`);
    return identity;
  } finally {
    closeSync(file);
  }
}
