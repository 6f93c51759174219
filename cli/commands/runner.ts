import type { ExitCode } from '../shell/exit-code.ts';
import type { BareSession, Session } from '../shell/session.ts';

/** What a command does, given what was typed. Its result is the exit code of the process. */
export type Perform<Args extends readonly unknown[], Options, Given = Session> = (
  session: Given,
  args: Args,
  options: Options,
) => Promise<ExitCode>;

/**
 * Turns what a command does into an action of commander, which passes the arguments, then the
 * options, then the command.
 */
export type Runner<Given = Session> = <Args extends readonly unknown[], Options = object>(
  perform: Perform<Args, Options, Given>,
) => (...passed: unknown[]) => Promise<void>;

/** Of commands that need no cluster, and so no kubeconfig. */
export type BareRunner = Runner<BareSession>;
