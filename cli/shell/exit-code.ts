/** What the exit codes tell scripts; `seinode --help` lists them. */
export const ExitCode = {
  done: 0,
  /** What was asked for failed, was refused, or is about something that does not exist. */
  failed: 1,
  /** The command line, the environment or the kubeconfig cannot be used as they are. */
  usage: 2,
  /** What was waited for did not come about in time; it may still do so. */
  timedOut: 3,
  /** Kubernetes, or the Temporal that the command needs, does not answer. */
  unreachable: 4,
  /** Ended by Ctrl-C, as shells count it; and by the signals of a lost terminal and of `kill`. */
  interrupted: 130,
  hungUp: 129,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
