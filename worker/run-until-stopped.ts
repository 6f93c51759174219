import type { Worker } from '@temporalio/worker';
import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker';

import type { Logger } from '../domain/logger.ts';
import type { Health, ReadinessFact } from '../process/health.ts';

export interface RunOptions {
  readonly workers: readonly Worker[];
  readonly health: Health;
  /** What has to hold beside the workers' polling. */
  readonly facts: readonly ReadinessFact[];
  /** Resolves when the process is asked to end. */
  readonly stopped: Promise<void>;
  readonly onServing: () => void;
  readonly logger: Logger;
}

/**
 * Runs the workers until the process is asked to end, and then drains them: first it says that it is
 * not ready, then they poll no more and let short steps finish.
 *
 * @throws what ends a worker before that
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
    // Another worker takes up what was under way once its time-out or heartbeat tells Temporal.
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
