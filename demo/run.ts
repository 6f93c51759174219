import type { StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';

export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  /** Ends the program. */
  readonly signal: AbortSignal;
  readonly stdio: StdioOptions;
}

/**
 * Runs a program to its end.
 *
 * @throws when it fails before the signal aborts
 */
export async function run(
  program: string,
  args: readonly string[],
  { env, signal, stdio }: Surroundings,
): Promise<void> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, signal, stdio });
  const end = await new Promise<number | string | null>((resolve, reject) => {
    child.once('exit', (code, killedBy) => resolve(code ?? killedBy));
    child.on('error', (err) => {
      // A program that was asked to end takes its own time.
      if (!signal.aborted) reject(err);
    });
  });
  if (end !== 0 && !signal.aborted) {
    throw new Error(`${[program, ...args].join(' ')} ended with ${end}`);
  }
}
