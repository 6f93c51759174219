import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export interface OperatorProcess {
  readonly name: string;
  readonly logFile: string;
  /** Rejects when the process ends although nobody stopped it. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** How long a cold bundle of the workflows takes on a busy machine, and then some. */
const START_DEADLINE_MS = 120_000;

/** Starts a process of the operator as anybody would, and resolves once it says that it serves. */
export async function startOperatorProcess(
  name: 'worker' | 'starter',
  startedMessage: string,
  env: Readonly<Record<string, string>>,
  logs: string,
): Promise<OperatorProcess> {
  const logFile = path.join(logs, `${name}.log`);
  const child = spawn(process.execPath, [path.join(root, name, 'main.ts')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = createWriteStream(logFile);
  child.stderr.pipe(log);
  let stopping = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const failed = exited.then((): never => {
    if (stopping) return undefined as never;
    throw new Error(
      `the ${name} ended with code ${child.exitCode ?? child.signalCode}; see ${logFile}`,
    );
  });
  // Whoever races against it sees the failure; it must not count as unhandled before that.
  failed.catch(() => undefined);

  const started = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the ${name} does not start; see ${logFile}`)),
      START_DEADLINE_MS,
    );
    createInterface(child.stderr).on('line', (line) => {
      if (!line.includes(startedMessage)) return;
      clearTimeout(timer);
      resolve();
    });
  });
  await Promise.race([started, failed]);
  return {
    name,
    logFile,
    failed,
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      await exited;
    },
  };
}
