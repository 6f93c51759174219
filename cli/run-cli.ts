import { basename } from 'node:path';

import type { Command } from 'commander';
import { CommanderError } from 'commander';

import type { BareRunner, Perform, Runner } from './commands/runner.ts';
import { addCompletion, COMPLETE, COMPLETION } from './completion.ts';
import { nodeNames } from './node-names.ts';
import { createProgram } from './program.ts';
import { ExitCode } from './shell/exit-code.ts';
import { explainError } from './shell/explain-error.ts';
import type { GlobalOptions } from './shell/global-options.ts';
import type { Session, Surroundings } from './shell/session.ts';
import { openBareSession, openSession } from './shell/session.ts';

/**
 * Runs one command line and returns its exit code.
 *
 * @param words the words after the name of the program
 */
export async function runCli(words: readonly string[], around: Surroundings): Promise<ExitCode> {
  const { terminal, program: name } = around;
  let exitCode: ExitCode = ExitCode.done;
  let server: string | undefined;

  const runnerOf =
    <Given>(use: Use<Given>): Runner<Given> =>
    <Args extends readonly unknown[], Options>(perform: Perform<Args, Options, Given>) =>
    async (...passed: unknown[]) => {
      const command = passed.at(-1) as Command;
      const options = command.optsWithGlobals<GlobalOptions & Options>();
      const args = command.processedArgs as unknown as Args;
      exitCode = await use(options, (session) => perform(session, args, options));
    };
  const run = runnerOf<Session>(async (options, perform) => {
    const session = openSession(options, around);
    ({ server } = session.kubernetes);
    try {
      return await perform(session);
    } finally {
      await session.kubernetes.close();
    }
  });
  const runBare: BareRunner = runnerOf(async (options, perform) =>
    perform(openBareSession(options, around)),
  );

  // The script of a shell completes one word; kubectl has its own way for the words of its plugins.
  const program = createProgram(words[0] === COMPLETION ? 'seinode' : name, run, runBare);
  const isCompleting = words[0] === COMPLETE;
  addCompletion(program, isCompleting ? await nodeNames(words, around) : []);
  speakPlainly(program, terminal);
  try {
    await Promise.race([program.parseAsync([...words], { from: 'user' }), aborted(around)]);
    return exitCode;
  } catch (err) {
    if (around.interrupted.aborted) return ExitCode.interrupted;
    if (err instanceof CommanderError) return err.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    const { message, exitCode: code } = explainError(err, server);
    terminal.note(...`${name}: ${message}`.split('\n'));
    if (words.includes('--debug')) terminal.note(...stackOf(err).split('\n'));
    return code;
  }
}

/** Opens a session for a command, and closes it when the command ends. */
type Use<Given> = (
  options: GlobalOptions,
  perform: (session: Given) => Promise<ExitCode>,
) => Promise<ExitCode>;

/** Rejects at a signal, which ends every command at once, whatever it waits for. */
function aborted({ interrupted }: Surroundings): Promise<never> {
  return new Promise((_, reject) => {
    interrupted.addEventListener('abort', () => reject(new Error('interrupted')), { once: true });
  });
}

/** Returns the program's name as people type it: with a space, while kubectl finds its plugin as `kubectl-seinode`. */
export function programName(script: string | undefined): string {
  return basename(script ?? '').startsWith('kubectl-') ? 'kubectl seinode' : 'seinode';
}

/** Makes usage errors one line that points to the help, and makes them throw instead of ending the process. */
function speakPlainly(command: Command, terminal: Surroundings['terminal']): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => terminal.write(text),
    writeErr: (text) => terminal.note(...text.trimEnd().split('\n')),
    outputError: (text, write) => {
      const said = text
        .trim()
        .replace(/^error: /, '')
        .replaceAll('\n', ' ')
        .replace(/\.$/, '');
      write(`${pathOf(command)}: ${said}; see ${pathOf(command)} --help`);
    },
  });
  for (const child of command.commands) speakPlainly(child, terminal);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function stackOf(err: unknown): string {
  const lines: string[] = [];
  for (let cause = err; cause instanceof Error; cause = cause.cause) {
    lines.push(cause.stack ?? cause.message);
  }
  return lines.join('\ncaused by: ');
}
