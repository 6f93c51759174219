import type { PlanRef } from '../activities/contract/plan.ts';
import type { AwaitPodsGoneInput, AwaitPodsGoneResult } from '../activities/contract/rollout.ts';
import type { StallChange } from '../domain/node/stall.ts';
import type { NodeRun } from './node-run.ts';
import { throughStalls } from './through-stalls.ts';

/** Waits until no pod of the node is left, for as long as that takes. */
export function awaitPodsGone(
  run: NodeRun,
  plan: PlanRef,
  because: AwaitPodsGoneInput['because'],
): Promise<Exclude<AwaitPodsGoneResult, StallChange>> {
  const waitingFor = 'the last pod of the node to be gone';
  run.show({ step: 'await-pods-gone', waitingFor });
  return throughStalls(run, plan, waitingFor, (stallable) =>
    run.steps.awaitPodsGone({ ...plan, ...stallable, because }),
  );
}
