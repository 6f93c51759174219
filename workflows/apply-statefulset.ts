import type { ApplyStatefulSetResult, AttemptInput } from '../activities/contract.ts';
import type { NodeRun } from './node-run.ts';

/**
 * `apply-statefulset`, in as many passes as it takes: one that clears an identity or deletes an
 * impostor applies nothing.
 */
export async function applyStatefulSet(
  run: NodeRun,
  input: AttemptInput,
): Promise<Exclude<ApplyStatefulSetResult, { kind: 'again' }>> {
  for (;;) {
    const applied = await run.steps.applyStatefulSet(input);
    if (applied.kind !== 'again') return applied;
  }
}
