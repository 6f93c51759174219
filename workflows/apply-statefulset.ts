import type { ApplyStatefulSetResult, AttemptInput } from '../activities/contract.ts';
import type { NodeRun } from './node-run.ts';
import { pauseBefore } from './pacing.ts';

/** More than it takes: an impostor is recorded, deleted, and the StatefulSet created, with one race lost. */
const PASSES_AT_ONCE = 4;

/**
 * `apply-statefulset`, in as many passes as it takes: one that clears an identity or deletes an
 * impostor applies nothing.
 */
export async function applyStatefulSet(
  run: NodeRun,
  input: AttemptInput,
): Promise<Exclude<ApplyStatefulSetResult, { kind: 'again' }>> {
  for (let pass = 1; ; pass += 1) {
    if (pass > PASSES_AT_ONCE) {
      run.pacing.blame(
        `apply-statefulset has taken ${pass - 1} passes: something keeps making StatefulSets of the name ${input.node.name}`,
      );
      await pauseBefore(run, input.planId, 'turn');
    }
    const applied = await run.steps.applyStatefulSet(input);
    if (applied.kind !== 'again') return applied;
  }
}
