import { condition } from '@temporalio/workflow';

import type { PlanRef, Stallable, StallChange } from '../activities/contract.ts';
import type { NodeRun } from './node-run.ts';

/**
 * Calls a step until it ends, and records in between each trouble that holds it back, and its end.
 *
 * @param waitingFor what the step waits for where nothing holds it back.
 */
export async function throughStalls<T extends { readonly kind: string }>(
  run: NodeRun,
  { node, planId }: PlanRef,
  waitingFor: string,
  step: (stallable: Stallable) => Promise<T | StallChange>,
): Promise<Exclude<T, StallChange>> {
  for (;;) {
    const patienceMs = run.pacing.flipPatienceMs;
    const saidAtMs = Date.now() + patienceMs;
    const result = await step({ known: run.stall, patienceMs });
    if (!isStallChange(result)) return result as Exclude<T, StallChange>;
    run.stall = result.kind === 'blocked' ? result.trouble : undefined;
    run.show({
      waitingFor:
        run.stall === undefined
          ? waitingFor
          : `${run.stall.reason} to be mended: ${run.stall.message}`,
    });
    run.pacing.flipped();
    // Not every step is as patient itself.
    const earlyMs = saidAtMs - Date.now();
    if (earlyMs > 0) await condition(() => false, earlyMs);
    const { stall: trouble, exceededDeadline: exceeded } = run;
    await run.steps.recordStall({ node, planId, trouble, exceeded });
  }
}

/** A step that talks to the sidecar: once that has answered, what was told of it is over. */
export async function throughSidecarStalls<T extends { readonly kind: string }>(
  run: NodeRun,
  plan: PlanRef,
  waitingFor: string,
  step: (stallable: Stallable) => Promise<T | StallChange>,
): Promise<Exclude<T, StallChange>> {
  const end = await throughStalls(run, plan, waitingFor, step);
  if (run.stall === undefined) return end;
  run.stall = undefined;
  const { node, planId } = plan;
  const exceeded = run.exceededDeadline;
  await run.steps.recordStall({ node, planId, trouble: undefined, exceeded });
  return end;
}

function isStallChange(result: { readonly kind: string }): result is StallChange {
  return result.kind === 'blocked' || result.kind === 'unblocked';
}
