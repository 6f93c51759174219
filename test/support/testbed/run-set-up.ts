import type { CliEnd } from '../../cli/cli-process.ts';
import { runCliProcess } from '../../cli/cli-process.ts';

/** Runs `seinode set-up` as a user does. @param env the whole environment of the process */
export function runSetUp(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<CliEnd> {
  return runCliProcess(['set-up', ...args], env);
}
