import type { ExitCode } from '../shell/exit-code.ts';
import type { Session } from '../shell/session.ts';

/** What a command does, given what was typed. Its result is the exit code of the process. */
export type Perform<Args extends readonly string[], Options> = (
  session: Session,
  args: Args,
  options: Options,
) => Promise<ExitCode>;

/**
 * Turns what a command does into an action of commander, which passes the arguments, then the
 * options, then the command.
 */
export type Runner = <Args extends readonly string[], Options = object>(
  perform: Perform<Args, Options>,
) => (...passed: unknown[]) => Promise<void>;
