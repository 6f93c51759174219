import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** Every command ends, or is ended, long before: a cold start on a busy machine takes seconds. */
const DEADLINE_MS = 120_000;

export interface CliEnd {
  /** Null for a process that a signal ended. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line tool, run as a user runs it: a process of its own, with pipes for a terminal. */
export interface CliProcess {
  /** Returns what it has printed so far. */
  stdout(): string;
  readonly ended: Promise<CliEnd>;
  interrupt(): void;
}

/** @param env the whole environment of the process */
export function startCli(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): CliProcess {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([stdout, stderr]): CliEnd => ({ code: child.exitCode, stdout, stderr }),
  );
  return {
    stdout: () => printed,
    ended,
    interrupt: () => child.kill('SIGINT'),
  };
}

/** Runs a command to its end. */
export function runCliProcess(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CliEnd> {
  return startCli(words, env).ended;
}
