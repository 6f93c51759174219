import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A Node process of a test, which says how far it is in lines on standard output. */
export interface Child {
  readonly pid: number;
  /** Resolves with the rest of the first line, past or to come, that begins so. */
  said(start: string): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Ends its standard input. */
  finish(): void;
  /** Resolves with exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  stdout(): string;
  stderr(): string;
}

/** @param script a module that Node can run; `env` is its whole environment */
export function startChild(
  script: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Child {
  const child = spawn(process.execPath, [script, ...args], { env, stdio: 'pipe' });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const listener of listeners) listener();
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(
    ([code, signal]) => (signal ?? code) as number | NodeJS.Signals,
  );
  if (child.pid === undefined) throw new Error(`${script} could not be started`);
  return {
    pid: child.pid,
    ended,
    stdout: () => lines.join('\n'),
    stderr: () => errors,
    signal: (signal) => void child.kill(signal),
    finish: () => void child.stdin.end(),
    said: (start) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const line = lines.find((each) => each.startsWith(start));
          if (line !== undefined) resolve(line.slice(start.length).trim());
        };
        listeners.add(look);
        look();
        void ended.then((end) => {
          reject(new Error(`${script} ended with ${end} before it said ${start}: ${errors}`));
        });
      }),
  };
}
