import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { connect } from '../../kubernetes/api/client.ts';
import type { OperatorSettings } from '../../settings/settings.ts';
import { readSettings } from '../../settings/settings.ts';
import { asUserError } from '../../settings/user-error.ts';
import type { CommandWords } from '../node/command-words.ts';
import type { GlobalOptions, Output } from './global-options.ts';
import { environmentOf } from './global-options.ts';
import type { Terminal } from './terminal.ts';

/** The whole world of a command without a cluster. */
export interface BareSession {
  readonly terminal: Terminal;
  readonly output: Output;
  readonly settings: OperatorSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly words: CommandWords;
  /** Aborts at Ctrl-C, and at the other signals that end a program. */
  readonly interrupted: AbortSignal;
  readonly isDebug: boolean;
  readonly now: () => Date;
}

/** The whole world of any other command. */
export interface Session extends BareSession {
  readonly kubernetes: KubernetesConnection;
  readonly namespace: string;
  readonly allNamespaces: boolean;
}

export interface Surroundings {
  readonly terminal: Terminal;
  /** The environment of the process: KUBECONFIG and Temporal's variables are read from it, too. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly program: string;
  readonly interrupted: AbortSignal;
}

/**
 * Reads the environment.
 *
 * @throws {UserError} for an environment that cannot be used
 */
export function openBareSession(options: GlobalOptions, around: Surroundings): BareSession {
  const { terminal, interrupted, program } = around;
  const env = environmentOf(options, around.env);
  return {
    terminal,
    output: options.output,
    settings: readSettings(env),
    env,
    words: { program, where: whereOf(options) },
    interrupted,
    isDebug: options.debug === true,
    now: () => new Date(),
  };
}

/**
 * Reads the environment and the kubeconfig; sends nothing to any server yet.
 *
 * @throws {UserError} for a kubeconfig or an environment that cannot be used
 */
export function openSession(options: GlobalOptions, around: Surroundings): Session {
  const { kubeconfig, context } = options;
  const kubernetes = asUserError(() =>
    connect({ kubeconfigPath: kubeconfig, context, userAgent: 'seinode-cli' }),
  );
  return {
    ...openBareSession(options, around),
    kubernetes,
    namespace: options.namespace || kubernetes.namespace,
    allNamespaces: options.allNamespaces === true,
  };
}

/** Returns the options that a suggested command has to repeat, to be about the same cluster. */
function whereOf({ context, kubeconfig }: GlobalOptions): string {
  const parts = [];
  if (context !== undefined) parts.push(`--context ${context}`);
  if (kubeconfig !== undefined) parts.push(`--kubeconfig ${kubeconfig}`);
  return parts.join(' ');
}
