import type { NodeRunInput } from '../domain/node-run.ts';
import { drive } from './drive.ts';
import { NodeRun } from './node-run.ts';
import type { AttemptEnd } from './work.ts';

/** Takes down what a deleted node consists of, and lets it go. */
export async function nodeDelete(input: NodeRunInput): Promise<void> {
  const run = new NodeRun(input);
  await drive(run, {
    kind: 'nodeDelete',
    attempt: (planId) => attemptDelete(run, planId),
    recordFailure: (planId, failure) => run.steps.failSync({ node: run.node, planId, failure }),
  });
}

async function attemptDelete(run: NodeRun, planId: string): Promise<AttemptEnd> {
  const { node, workflowId } = run;
  run.show({ step: 'begin', waitingFor: undefined });
  const begun = await run.steps.beginDelete({ node, planId, workflowId });
  if (begun.kind === 'gone') return begun;
  if (begun.kind === 'not-due') return { kind: 'settled', due: begun.due };

  run.show({ step: 'delete-statefulset' }, { outcome: 'Running' });
  await run.steps.deleteStatefulSet({ node, planId });
  run.show({ step: 'delete-data-pvc' });
  await run.steps.deleteDataPvc({ node, planId });
  run.show({ step: 'remove-finalizer' });
  await run.steps.removeFinalizer({ node, planId });
  return { kind: 'settled', due: { kind: 'nothing', why: 'the node is let go' } };
}
