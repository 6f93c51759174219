import { isCancellation, uuid4 } from '@temporalio/workflow';

import type { UpdateBegun } from '../activities/contract/begin.ts';
import type { RolloutInput } from '../activities/contract/rollout.ts';
import type { NodeRunInput } from '../domain/run/node-run.ts';
import type { ConfigPatch } from '../domain/sidecar/config-patch.ts';
import { applyStatefulSet } from './apply-statefulset.ts';
import { drive } from './drive.ts';
import { NodeRun } from './node-run.ts';
import { observeAndMarkReady } from './observe-and-mark-ready.ts';
import { withProgressDeadline } from './progress-deadline.ts';
import { replacePod } from './replace-pod.ts';
import { sideBySide } from './side-by-side.ts';
import { untilSuperseded } from './supersede.ts';
import { syncWork } from './sync-work.ts';
import type { AttemptEnd } from './work.ts';

/** Rolls a Running node to the images that it wants, on drift of its image or its sidecar image. */
export async function nodeUpdate(input: NodeRunInput): Promise<void> {
  const run = new NodeRun(input);
  await drive(run, {
    kind: 'nodeUpdate',
    underHold: syncWork(run),
    attempt: (planId) => attemptUpdate(run, planId),
    recordFailure: (planId, failure) => run.steps.failUpdate({ node: run.node, planId, failure }),
  });
}

async function attemptUpdate(run: NodeRun, planId: string): Promise<AttemptEnd> {
  const { node, workflowId } = run;
  run.show({ step: 'begin', waitingFor: undefined });
  // No other object is written before status has the beginning.
  const begun = await run.steps.beginUpdate({ node, planId, workflowId });
  if (begun.kind === 'gone') return begun;
  if (begun.kind === 'not-due') return { kind: 'settled', due: begun.due };
  run.stall = begun.stall;

  const rolled = await untilSuperseded(run, begun, () =>
    withProgressDeadline(run, { node, planId }, begun, () => rollOut(run, planId, begun), {
      rollsBack: true,
    }),
  );
  if (rolled.kind === 'late') return rollBack(run, planId, rolled.reason);
  if (rolled.kind !== 'ready') return rolled;

  run.show({ step: 'finish', waitingFor: undefined });
  run.inbox.markRead();
  const finished = await run.steps.finishUpdate({ node, planId });
  if (finished.kind === 'gone') return finished;
  return { kind: 'settled', due: finished.due };
}

/** Rolls the node back after its deadline has passed and the work has ended, if a live read agrees. */
async function rollBack(run: NodeRun, planId: string, reason: string): Promise<AttemptEnd> {
  run.show({ step: 'rollback', waitingFor: undefined });
  const result = await run.steps.steer({
    node: run.node,
    planId,
    command: { kind: 'rollback', actor: 'spec.updatePolicy.autoRollback', reason },
    by: 'deadline',
  });
  if (result.kind === 'gone') return result;
  if (result.kind === 'refused') run.lateness.refuseRollback(result.message);
  // Another target is another piece of work, though the spec is the same.
  else run.pacing.steered();
  return { kind: 'superseded' };
}

async function rollOut(run: NodeRun, planId: string, begun: UpdateBegun) {
  const { node } = run;
  const { target, generation, previousImage, configPatch } = begun;
  run.lateness.at('apply-statefulset');
  run.show(
    { step: 'apply-statefulset', target: target.image, previousImage },
    { image: target.image, outcome: 'Running' },
  );
  const [applied] = await sideBySide(
    () => applyStatefulSet(run, { node, planId, target, generation }),
    () => run.steps.applyService({ node, planId, generation }),
  );
  if (applied.kind !== 'applied') return applied;

  const rollout = { node, planId, target, generation, statefulSet: applied.statefulSet };
  if (configPatch !== undefined) await patchConfig(run, rollout, configPatch);
  run.lateness.at('replace-pod');
  const replaced = await replacePod(run, rollout);
  if (replaced.kind !== 'replaced') return replaced;

  return observeAndMarkReady(run, rollout);
}

/** Patches through the sidecar of the old pod, if there is one. No failure of it holds up the roll. */
async function patchConfig(run: NodeRun, rollout: RolloutInput, files: ConfigPatch): Promise<void> {
  run.show({ step: 'config-patch', waitingFor: 'the sidecar to patch the configuration' });
  try {
    await run.steps.configPatch({ ...rollout, files, taskId: uuid4() });
  } catch (err) {
    if (isCancellation(err)) throw err;
  }
}
