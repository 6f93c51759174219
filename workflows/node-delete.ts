import { condition } from '@temporalio/workflow';

import type { Superseded } from '../activities/contract/plan.ts';
import type { NodeRunInput } from '../domain/run/node-run.ts';
import { awaitPodsGone } from './await-pods-gone.ts';
import { drive } from './drive.ts';
import { interruptible } from './interruptible.ts';
import { NodeRun } from './node-run.ts';
import { syncWork } from './sync-work.ts';
import type { AttemptEnd } from './work.ts';

/** Takes down all parts of a deleted node, and removes its finalizer once no pod of it is left. */
export async function nodeDelete(input: NodeRunInput): Promise<void> {
  const run = new NodeRun(input);
  await drive(run, {
    kind: 'nodeDelete',
    underHold: syncWork(run),
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
  const waited = await untilInterrupted(run, () => awaitPodsGone(run, { node, planId }, 'deleted'));
  if (waited.kind !== 'none-left') return waited;
  // No data is deleted while something may still write it.
  run.show({ step: 'delete-data-pvc', waitingFor: undefined });
  await run.steps.deleteDataPvc({ node, planId });
  run.show({ step: 'remove-finalizer' });
  await run.steps.removeFinalizer({ node, planId });
  return { kind: 'settled', due: { kind: 'nothing', why: 'the node is let go' } };
}

/** Waits until a command or a full history interrupts it, because a machine may not answer for days. */
async function untilInterrupted<T>(run: NodeRun, wait: () => Promise<T>): Promise<T | Superseded> {
  const end = await interruptible(async (interrupt) => {
    await condition(() => run.isInterrupted);
    interrupt();
  }, wait);
  return end.kind === 'ended' ? end.result : { kind: 'superseded' };
}
