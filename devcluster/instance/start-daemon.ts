import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

import { type ProcessIdentity, processIdentity } from '../process-table.ts';

/**
 * Starts a program that goes on without us, in a session of its own: Ctrl-C in the terminal then
 * reaches only the process that will stop things in their proper order.
 *
 * @param options.log file that its output is appended to
 */
export async function startDaemon(
  path: string,
  args: readonly string[],
  { log, env }: { readonly log: string; readonly env: NodeJS.ProcessEnv },
): Promise<ProcessIdentity> {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'a');
  try {
    const child = spawn(path, args, { detached: true, env, stdio: ['ignore', file, file] });
    await once(child, 'spawn');
    child.unref();
    const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
    if (identity === undefined) throw new Error(`${path} ended at once; see ${log}`);
    return identity;
  } finally {
    closeSync(file);
  }
}
