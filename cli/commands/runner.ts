import type { ExitCode } from '../shell/exit-code.ts';
import type { BareSession, Session } from '../shell/session.ts';

/** Performs a command, given what was typed, and returns the exit code of the process. */
export type Perform<Args extends readonly unknown[], Options, Given = Session> = (
  session: Given,
  args: Args,
  options: Options,
) => Promise<ExitCode>;

/** Turns a command into an action of commander, which passes the arguments, then the options, then the command. */
export type Runner<Given = Session> = <Args extends readonly unknown[], Options = object>(
  perform: Perform<Args, Options, Given>,
) => (...passed: unknown[]) => Promise<void>;

/** A runner for commands that need no cluster, and so no kubeconfig. */
export type BareRunner = Runner<BareSession>;
