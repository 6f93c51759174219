import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

import type { Begun, PlanRef } from '../activities/contract.ts';
import type { NodeRun } from './node-run.ts';

/**
 * Runs `work`, and says so when it is not done by the deadline. The work goes on all the same: it may
 * still come about. With `autoRollback` the node goes back to the image before, once, because a
 * rollback of a rolled-back image changes nothing.
 *
 * The timer is the workflow's, so no worker's clock and no restart moves the deadline.
 */
export async function withProgressDeadline<T>(
  run: NodeRun,
  plan: PlanRef,
  { deadline, target }: Pick<Begun, 'deadline' | 'target'>,
  work: () => Promise<T>,
): Promise<T> {
  const timer = new CancellationScope();
  const watch = timer.run(async () => {
    await sleep(Math.max(0, Date.parse(deadline.at) - Date.now()));
    const message = `${target.image} was not rolled out by ${deadline.at}`;
    run.exceededDeadline = { reason: 'ProgressDeadlineExceeded', message };
    const { stall: trouble, exceededDeadline: exceeded } = run;
    await run.steps.recordStall({ ...plan, trouble, exceeded });
    if (deadline.autoRollback) {
      run.steering.add({
        kind: 'rollback',
        actor: 'spec.updatePolicy.autoRollback',
        reason: message,
      });
    }
  });
  // Reported below; without this it would be an unhandled rejection until then.
  watch.catch(() => undefined);
  try {
    return await work();
  } finally {
    timer.cancel();
    run.exceededDeadline = undefined;
    await watch.catch((err: unknown) => {
      if (!isCancellation(err)) throw err;
    });
  }
}
