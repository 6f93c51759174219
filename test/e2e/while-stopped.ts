import type { OperatorProcess } from '../support/testbed/operator-process.ts';

/** Stops the process meanwhile, like one whose machine has no time for it. */
export async function whileStopped<T>(
  operator: Pick<OperatorProcess, 'pid'>,
  act: () => Promise<T>,
): Promise<T> {
  process.kill(operator.pid, 'SIGSTOP');
  try {
    return await act();
  } finally {
    process.kill(operator.pid, 'SIGCONT');
  }
}
