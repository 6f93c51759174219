import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

import { type ProcessIdentity, processIdentity } from './process-table.ts';

/**
 * Starts a program that goes on without us, in a session of its own: Ctrl-C in the terminal then
 * reaches only the process that will stop things in their proper order.
 *
 * @returns its identity, and the file that has its output
 */
export async function startDaemon(
  path: string,
  args: readonly string[],
  options: { readonly logs: string; readonly name: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ readonly process: ProcessIdentity; readonly log: string }> {
  mkdirSync(options.logs, { recursive: true });
  const log = join(options.logs, `${options.name}.log`);
  const file = openSync(log, 'a');
  try {
    const child = spawn(path, args, {
      detached: true,
      env: options.env,
      stdio: ['ignore', file, file],
    });
    await new Promise<void>((resolve, reject) => {
      child.on('spawn', resolve).on('error', reject);
    });
    child.unref();
    const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
    if (identity === undefined) throw new Error(`${options.name} ended at once; see ${log}`);
    return { process: identity, log };
  } finally {
    closeSync(file);
  }
}
