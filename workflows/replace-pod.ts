import type { NodeGone, Superseded } from '../activities/contract/plan.ts';
import type { RolloutInput } from '../activities/contract/rollout.ts';
import type { NodeRun } from './node-run.ts';
import { throughStalls } from './through-stalls.ts';

/** Replaces the pods of another revision, as soon as nothing prevents it. */
export async function replacePod(
  run: NodeRun,
  rollout: RolloutInput,
): Promise<NodeGone | Superseded | { readonly kind: 'replaced' }> {
  const waitingFor = 'the StatefulSet controller to see the template';
  run.show({ step: 'replace-pod', waitingFor });
  return throughStalls(run, rollout, waitingFor, (stallable) =>
    run.steps.replacePod({ ...rollout, ...stallable }),
  );
}
