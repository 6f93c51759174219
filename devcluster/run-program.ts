import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Text for standard input, which is empty without it. */
  readonly input?: string;
  readonly cwd?: string;
  /** Open files that it has from descriptor 3 on. */
  readonly files?: readonly number[];
  /** The account that it runs with; by default that of this process. */
  readonly account?: Account | undefined;
}

/** Numbers of a user and a group; only root may give a program those of others. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A program ended with something other than exit code 0. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly stderr: string;

  constructor(program: string, args: readonly string[], end: string, stderr: string) {
    super(`${program} ${args.join(' ')} ended with ${end}: ${stderr.trim()}`);
    this.stderr = stderr;
  }
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to standard output
 * @throws {ProgramError} with what it wrote to standard error
 */
export async function runProgram(
  path: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<string> {
  const child = spawn(path, args, {
    env: options.env,
    cwd: options.cwd,
    ...options.account,
    stdio: ['pipe', 'pipe', 'pipe', ...(options.files ?? [])],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // A program that ends without reading its input closes the pipe; its exit code says how it ended.
  child.stdin?.on('error', () => undefined).end(options.input ?? '');
  const end = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  if (end === 'exit code 0') return output.stdout;
  throw new ProgramError(path.slice(path.lastIndexOf('/') + 1), args, end, output.stderr);
}
