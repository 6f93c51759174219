import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = {
  worker: fileURLToPath(new URL('../../../worker/main.ts', import.meta.url)),
  watcher: fileURLToPath(new URL('../../../starter/main.ts', import.meta.url)),
} as const;

export type OperatorRole = keyof typeof MAIN;

/** A cold bundle of the workflows on a busy machine of two cores, and some more. */
const START_DEADLINE_MS = 90_000;

export interface ProcessEnd {
  /** Null for a process that a signal ended. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A worker or a watcher, run as a user runs it: a process of its own, set up by its environment alone. */
export interface OperatorProcess {
  readonly role: OperatorRole;
  readonly pid: number;
  /** Returns what it has written to standard error so far. */
  log(): string;
  /** Resolves when the process has ended and its log is complete. */
  readonly ended: Promise<ProcessEnd>;
  hasEnded(): boolean;
  /** Sends the signal and waits for the end. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<ProcessEnd>;
}

/** Starts the process, and waits for nothing. @param env the whole environment of the process */
export function launchOperatorProcess(
  role: OperatorRole,
  env: Readonly<Record<string, string>>,
): OperatorProcess {
  return launch(role, env, () => undefined);
}

/**
 * Starts the process, and resolves once it says that it serves.
 *
 * @throws with its log when it ends, or does not say so in time
 */
export async function startOperatorProcess(
  role: OperatorRole,
  env: Readonly<Record<string, string>>,
): Promise<OperatorProcess> {
  let onStarted: () => void = () => undefined;
  const started = new Promise<'started'>((resolve) => {
    onStarted = () => resolve('started');
  });
  const operator = launch(role, env, (line) => {
    if (line.includes(`"message":"${role} started"`)) onStarted();
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<'too late'>((late) => {
    timer = setTimeout(() => late('too late'), START_DEADLINE_MS);
  });
  const outcome = await Promise.race([started, tooLate, operator.ended]);
  clearTimeout(timer);
  if (outcome === 'started') return operator;
  if (outcome === 'too late') await operator.stop('SIGKILL');
  throw new Error(`the ${role} did not start: ${JSON.stringify(outcome)}\n${operator.log()}`);
}

function launch(
  role: OperatorRole,
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): OperatorProcess {
  const child = spawn(process.execPath, [MAIN[role]], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`the ${role} could not be started with ${MAIN[role]}`);
  let log = '';
  createInterface(child.stderr).on('line', (line) => {
    log += `${line}\n`;
    onLine(line);
  });
  // The end of this process ends it, too, also where a test run is broken off.
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const ended = once(child, 'close').then((): ProcessEnd => {
    process.off('exit', endWithUs);
    return { code: child.exitCode, signal: child.signalCode };
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    role,
    pid,
    log: () => log,
    ended,
    hasEnded,
    stop: (signal) => {
      if (!hasEnded()) child.kill(signal);
      return ended;
    },
  };
}
