import { uuid4 } from '@temporalio/workflow';

import type { Begun, InitBegun, TakeOverBegun } from '../activities/contract/begin.ts';
import { isGivenUp } from '../domain/node/failed-node.ts';
import type { SidecarTaskStep, Step } from '../domain/node/step.ts';
import { SIDECAR_TASK_STEPS } from '../domain/node/step.ts';
import type { NodeRunInput } from '../domain/run/node-run.ts';
import type { NewTaskIds } from '../domain/sidecar/identified-tasks.ts';
import { applyStatefulSet } from './apply-statefulset.ts';
import { drive } from './drive.ts';
import { NodeRun } from './node-run.ts';
import { observeAndMarkReady } from './observe-and-mark-ready.ts';
import { withProgressDeadline } from './progress-deadline.ts';
import { replacePod } from './replace-pod.ts';
import { sideBySide } from './side-by-side.ts';
import { runSidecarTasks } from './sidecar-tasks.ts';
import { untilSuperseded } from './supersede.ts';
import { syncWork } from './sync-work.ts';
import type { AttemptEnd } from './work.ts';

type Aim = Pick<Begun, 'generation' | 'target' | 'previousImage'>;

/** Brings a node up from nothing, or takes over one that another operator runs. */
export async function nodeInit(input: NodeRunInput): Promise<void> {
  const run = new NodeRun(input);
  const { node, workflowId } = run;
  let generation: number | undefined;
  let takesOver = false;

  async function attempt(planId: string): Promise<AttemptEnd> {
    run.show({ step: 'begin', waitingFor: undefined });
    generation = undefined;
    const begun = await run.steps.beginInit({ node, planId, workflowId, newTaskIds: newTaskIds() });
    if (begun.kind === 'gone') return begun;
    if (begun.kind === 'not-due') return { kind: 'settled', due: begun.due };

    ({ generation } = begun);
    takesOver = begun.kind === 'taking-over';
    const end =
      begun.kind === 'taking-over'
        ? await untilSuperseded(run, begun, () => inTime(planId, begun, takeOver))
        : await untilSuperseded(run, begun, () => inTime(planId, begun, bringUp), 'spec');
    if (end.kind === 'late') return { kind: 'superseded' };
    return end.kind === 'finished' ? { kind: 'settled', due: end.due } : end;
  }

  function inTime<B extends Begun | TakeOverBegun, End>(
    planId: string,
    begun: B,
    work: (run: NodeRun, planId: string, begun: B) => Promise<End>,
  ) {
    return withProgressDeadline(run, { node, planId }, begun, () => work(run, planId, begun));
  }

  await drive(run, {
    kind: 'nodeInit',
    underHold: syncWork(run),
    attempt,
    recordFailure: (planId, failure) => run.steps.failInit({ node, planId, failure, generation }),
    // A node that is taken over serves: its take-over is tried again as often as it fails.
    isFinal: (failure) => !takesOver && isGivenUp(failure),
  });
}

function newTaskIds(): NewTaskIds {
  const ids = SIDECAR_TASK_STEPS.map((type) => [type, uuid4()] as const);
  return Object.fromEntries(ids) as Record<SidecarTaskStep, string>;
}

async function bringUp(run: NodeRun, planId: string, begun: InitBegun) {
  const { node } = run;
  const { target, generation } = begun;
  run.stall = begun.stall;
  showTarget(run, 'ensure-data-pvc', begun);
  await sideBySide(
    () => run.steps.ensureDataPvc({ node, planId }),
    () => run.steps.applyRbacProxyConfig({ node, planId, generation }),
    () => run.steps.applyService({ node, planId, generation }),
  );
  run.show({ step: 'apply-statefulset' });
  const applied = await applyStatefulSet(run, { node, planId, target, generation });
  if (applied.kind !== 'applied') return applied;

  const rollout = { node, planId, target, generation, statefulSet: applied.statefulSet };
  run.lateness.at('replace-pod');
  // A bring-up that was cut off, or whose image was mended, may have left a pod of another revision.
  const replaced = await replacePod(run, rollout);
  if (replaced.kind !== 'replaced') return replaced;

  const ready = await observeAndMarkReady(run, rollout, {
    prepare: (pod) =>
      run.lateness.suspendedWhile(() => runSidecarTasks(run, rollout, begun.tasks, pod)),
  });
  if (ready.kind !== 'ready') return ready;
  return finish(run, () => run.steps.finishInit({ node, planId, generation }));
}

/** Applies the same objects around a pod that goes on running; lets it through if it still waits for that. */
async function takeOver(run: NodeRun, planId: string, begun: TakeOverBegun) {
  const { node } = run;
  const { target, generation } = begun;
  showTarget(run, 'apply-statefulset', begun);
  const [applied] = await sideBySide(
    () => applyStatefulSet(run, { node, planId, target, generation }),
    () => run.steps.applyRbacProxyConfig({ node, planId, generation }),
    () => run.steps.applyService({ node, planId, generation }),
  );
  if (applied.kind !== 'applied') return applied;
  if (begun.marksReady) {
    const rollout = { node, planId, target, generation, statefulSet: applied.statefulSet };
    run.stall = begun.stall;
    const ready = await observeAndMarkReady(run, rollout, { revision: 'any' });
    if (ready.kind !== 'ready') return ready;
  }
  return finish(run, () => run.steps.takeOver({ node, planId, target, generation }));
}

function showTarget(run: NodeRun, step: Step, { target, previousImage }: Aim): void {
  run.show(
    { step, target: target.image, previousImage },
    { image: target.image, outcome: 'Running' },
  );
}

function finish<T>(run: NodeRun, write: () => Promise<T>): Promise<T> {
  run.show({ step: 'finish', waitingFor: undefined });
  run.inbox.markRead();
  return write();
}
