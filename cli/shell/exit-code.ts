/** The exit codes, by which scripts tell outcomes apart; `seinode --help` lists them. */
export const ExitCode = {
  done: 0,
  /** The request failed, was refused, or is about something that does not exist. */
  failed: 1,
  /** The command line, the environment or the kubeconfig cannot be used as they are. */
  usage: 2,
  /** The outcome did not come in time; it may still come. */
  timedOut: 3,
  /** Kubernetes, or the Temporal that the command needs, does not answer. */
  unreachable: 4,
  /** Ended by Ctrl-C, with the code that shells give it; below, by the signals of a lost terminal and of `kill`. */
  interrupted: 130,
  hungUp: 129,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
