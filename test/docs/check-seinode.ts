import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Command } from 'commander';
import { CommanderError } from 'commander';

import { addCompletion } from '../../cli/completion.ts';
import { createProgram } from '../../cli/program.ts';

const root = path.join(import.meta.dirname, '../..');
/** The tests that run commands as people do; the rest of a command line is parsed only. */
const RUN_BY = globSync(['test/e2e/{cli*,start-update}.test.ts', 'test/cli/run-cli.test.ts'], {
  cwd: root,
})
  .map((file) => readFileSync(path.join(root, file), 'utf8'))
  .join('\n');

/**
 * Parses a command line of `seinode` and does nothing.
 *
 * @param isMention whether arguments may be left out
 * @throws {Error} for a command, a flag or a number of arguments that it does not take; and for a
 *   command that no test runs
 */
export async function checkSeinode(words: readonly string[], isMention: boolean): Promise<void> {
  // It shows its help, or its version.
  if (words.length === 0 || words[0] === '--help' || words[0] === '--version') return;
  const nothing = () => async () => undefined;
  const program = createProgram('seinode', nothing, nothing);
  addCompletion(program, []);
  for (const command of [program, ...program.commands]) silence(command);
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (err) {
    const isShort = err instanceof CommanderError && err.code === 'commander.missingArgument';
    if (!isShort || !isMention) throw err;
  }
  const command = program.args[0] ?? '';
  if (!RUN_BY.includes(`'${command}'`)) throw new Error(`no test runs "seinode ${command}"`);
}

function silence(command: Command): void {
  const nothing = (): void => undefined;
  command.exitOverride().configureOutput({ writeOut: nothing, writeErr: nothing });
  if (command.parent !== null) command.action(nothing);
}
