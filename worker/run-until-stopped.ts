import type { Worker } from '@temporalio/worker';
import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker';

import type { Logger } from '../domain/logger.ts';
import type { Health, ReadinessFact } from '../process/health.ts';

export interface RunOptions {
  readonly workers: readonly Worker[];
  readonly health: Health;
  /** The facts that have to hold beside the polling of the workers. */
  readonly facts: readonly ReadinessFact[];
  /** Resolves when the process is asked to end. */
  readonly stopped: Promise<void>;
  readonly onServing: () => void;
  readonly logger: Logger;
}

/**
 * Runs the workers until the process is asked to end, and then drains them: readiness fails first, then the workers
 * stop polling and let short steps finish.
 *
 * @throws the error that ends a worker earlier
 */
export async function runUntilStopped(options: RunOptions): Promise<void> {
  const { workers, health, facts, stopped, onServing, logger } = options;
  const running = Promise.all(workers.map((worker) => worker.run()));
  health.serve([pollersFact(workers), ...facts]);
  onServing();
  await Promise.race([stopped, running]);
  health.drain();
  logger.info('draining');
  for (const worker of workers) {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  }
  try {
    await running;
  } catch (err) {
    if (!(err instanceof GracefulShutdownPeriodExpiredError)) throw err;
    // Another worker takes over the abandoned work, once its time-out or missing heartbeat shows that to Temporal.
    logger.warn('work was abandoned at the end of the grace', { err });
  }
}

function pollersFact(workers: readonly Pick<Worker, 'getState'>[]): ReadinessFact {
  return {
    name: 'pollers',
    failing: () => {
      const states = workers.map((worker) => worker.getState());
      return states.every((state) => state === 'RUNNING') ? undefined : states.join(', ');
    },
  };
}
