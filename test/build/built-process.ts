import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

import type { OperatorRole } from '../support/testbed/operator-process.ts';

/** No file may be written: what a read-only root file system means for a process. */
const READ_ONLY = ['--permission', '--allow-fs-read=*', '--allow-addons', '--allow-worker'];

export interface BuiltProcess {
  /** Resolves when it says that it serves; rejects with its log when it ends before that. */
  readonly started: Promise<void>;
  log(): string;
  /** Sends SIGTERM and waits for the end. @returns the exit code, null for the end by a signal */
  stop(): Promise<number | null>;
}

/** Runs the image's command on plain Node, as the image does. @param env the whole environment */
export function startBuilt(
  tree: string,
  role: OperatorRole,
  env: Readonly<Record<string, string>>,
): BuiltProcess {
  const command = [...READ_ONLY, path.join(tree, 'dist', 'seinode.js'), role];
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  const started = new Promise<void>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      log += `${line}\n`;
      if (line.includes(`"message":"${role} started"`)) resolve();
    });
    child.once('close', () => reject(new Error(`the built ${role} ended:\n${log}`)));
  });
  // Our own end takes it along, also where a test run is broken off.
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const ended = once(child, 'close').then(() => {
    process.off('exit', endWithUs);
    return child.exitCode;
  });
  return {
    started,
    log: () => log,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
