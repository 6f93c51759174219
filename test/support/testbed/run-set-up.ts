import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../starter/set-up.ts', import.meta.url));

export interface SetUpResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the set-up command as a user does. @param env the whole environment of the process */
export function runSetUp(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<SetUpResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env }, (err, stdout, stderr) => {
      resolve({ code: err === null ? 0 : Number(err.code), stdout, stderr });
    });
  });
}
