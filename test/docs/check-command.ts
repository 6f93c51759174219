import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { checkSeinode } from './check-seinode.ts';
import type { Helps } from './program-helps.ts';
import type { DocumentedCommand } from './shell-commands.ts';

const root = path.join(import.meta.dirname, '../..');

/** Commands of these are marked with what they need (run-by.ts), or run as they are. */
const OF_OTHERS = new Set(['cosign', 'cut', 'docker', 'gh', 'openssl', 'xargs']);

/** Of the shell itself. */
const BUILT_IN = new Set(['.', 'cd', 'echo', 'export', 'set', 'umask']);

/**
 * Checks a command as far as it can be without running it: that what it names is there, and that its
 * program takes its flags.
 *
 * @throws {Error} that says what is wrong with it, also for one that nothing here knows
 */
export async function checkCommand(
  { words, isMention }: DocumentedCommand,
  helps: Helps,
): Promise<void> {
  const [program = '', ...args] = words;
  if (BUILT_IN.has(program) || OF_OTHERS.has(program)) return;
  if (program === 'npm') return checkNpm(args, isMention);
  if (program === 'seinode') return checkSeinode(args, isMention);
  if (program === 'kubectl' && args[0] === 'seinode') return checkSeinode(args.slice(1), isMention);
  if (program === 'node') return requireFile(args[0] ?? '');
  if (program === 'kubectl' || program === 'temporal') {
    for (const file of args.filter((arg) => /^(deploy|docs|test)\//.test(arg))) requireFile(file);
    return checkFlags(await helps.of(program, args), args);
  }
  throw new Error(`nothing checks commands of ${program}: say how in test/docs/check-command.ts`);
}

async function checkNpm(
  [verb = '', ...rest]: readonly string[],
  isMention: boolean,
): Promise<void> {
  const [script = '', separator, ...args] = verb === 'run' ? rest : [verb, ...rest];
  const command = scripts()[script];
  if (command === undefined) throw new Error(`package.json has no script "${script}"`);
  const entry = /\.bin\/node (?:--\S+ )*(\S+)/.exec(command)?.[1];
  if (entry !== undefined) requireFile(entry);
  if (script === 'cli' && separator !== undefined) await checkSeinode(args, isMention);
}

function scripts(): Readonly<Record<string, string>> {
  const text = readFileSync(path.join(root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { scripts: Record<string, string> }).scripts;
}

function requireFile(file: string): void {
  if (!existsSync(path.join(root, file))) throw new Error(`there is no ${file}`);
}

function checkFlags(help: string, args: readonly string[]): void {
  for (const arg of args) {
    const flag = /^--?[a-zA-Z][-a-z]*/.exec(arg)?.[0];
    if (flag !== undefined && !new RegExp(`(^|[\\s,])${flag}(?![-\\w])`, 'm').test(help)) {
      throw new Error(`its help knows no flag ${flag}`);
    }
  }
}
