import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A process that hangs must not outlive the test that waits for it. */
const DEADLINE_MS = 600_000;

/** The program of util-linux, which every Debian has; that of other systems takes other options. */
const SCRIPT = 'script';

export function hasPseudoTerminal(): boolean {
  return spawnSync(SCRIPT, ['-qec', 'true', '/dev/null']).status === 0;
}

/** A program on a terminal of its own, which nobody looks at. */
export interface OnTerminal {
  /** Returns what was written to the terminal so far: control sequences, and the echo of what was typed. */
  written(): string;
  type(text: string): void;
  /** The exit code, once the terminal is closed. */
  readonly ended: Promise<number | null>;
}

/**
 * @param command of a shell
 * @param env the whole environment of the program
 */
export function startOnTerminal(
  command: string,
  env: Readonly<Record<string, string>>,
): OnTerminal {
  const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], {
    env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  // Input to a program that has ended is nobody's error.
  child.stdin.on('error', () => undefined);
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
  return {
    written: () => written,
    type: (text) => child.stdin.write(text),
    ended: once(child, 'close').then(() => child.exitCode),
  };
}

/** Quotes a word for a shell. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
