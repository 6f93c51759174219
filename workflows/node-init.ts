import type { BeginInitResult } from '../activities/contract.ts';
import type { NodeRunInput } from '../domain/node-run.ts';
import type { Step } from '../domain/step.ts';
import { applyStatefulSet } from './apply-statefulset.ts';
import type { AttemptEnd } from './drive.ts';
import { drive } from './drive.ts';
import { NodeRun } from './node-run.ts';
import { observeAndMarkReady } from './rollout.ts';
import { sideBySide } from './side-by-side.ts';
import { untilSuperseded } from './supersede.ts';

type InitBegun = Extract<BeginInitResult, { kind: 'begun' | 'taking-over' }>;

/** Brings a node up from nothing, or takes over one that another operator runs. */
export async function nodeInit(input: NodeRunInput): Promise<void> {
  const run = new NodeRun(input);
  await drive(run, {
    kind: 'nodeInit',
    attempt: (planId) => attemptInit(run, planId),
    recordFailure: (planId, failure) => run.steps.failInit({ node: run.node, planId, failure }),
  });
}

async function attemptInit(run: NodeRun, planId: string): Promise<AttemptEnd> {
  const { node, workflowId } = run;
  run.show({ step: 'begin', waitingFor: undefined });
  const begun = await run.steps.beginInit({ node, planId, workflowId });
  if (begun.kind === 'gone') return begun;
  if (begun.kind === 'not-due') return { kind: 'settled', due: begun.due };

  const end =
    begun.kind === 'taking-over'
      ? await untilSuperseded(run, begun, () => takeOver(run, planId, begun))
      : await untilSuperseded(run, begun, () => bringUp(run, planId, begun));
  return end.kind === 'finished' ? { kind: 'settled', due: end.due } : end;
}

async function bringUp(run: NodeRun, planId: string, begun: InitBegun) {
  const { node } = run;
  const { target, generation } = begun;
  showTarget(run, 'ensure-data-pvc', begun);
  await sideBySide(
    () => run.steps.ensureDataPvc({ node, planId }),
    () => run.steps.applyRbacProxyConfig({ node, planId }),
    () => run.steps.applyService({ node, planId }),
  );
  run.show({ step: 'apply-statefulset' });
  const applied = await applyStatefulSet(run, { node, planId, target, generation });
  if (applied.kind !== 'applied') return applied;

  const rollout = { node, planId, target, generation, statefulSet: applied.statefulSet };
  // A bring-up that was cut off, or whose image was mended, may have left a pod of another revision.
  const replaced = await run.steps.replacePod(rollout);
  if (replaced.kind !== 'replaced') return replaced;

  const ready = await observeAndMarkReady(run, rollout);
  if (ready.kind !== 'ready') return ready;
  return finish(run, () => run.steps.finishInit({ node, planId }));
}

/** The same objects, applied around a pod that keeps serving. */
async function takeOver(run: NodeRun, planId: string, begun: InitBegun) {
  const { node } = run;
  const { target, generation } = begun;
  showTarget(run, 'apply-statefulset', begun);
  const [applied] = await sideBySide(
    () => applyStatefulSet(run, { node, planId, target, generation }),
    () => run.steps.applyRbacProxyConfig({ node, planId }),
    () => run.steps.applyService({ node, planId }),
  );
  if (applied.kind !== 'applied') return applied;
  return finish(run, () => run.steps.takeOver({ node, planId, target, generation }));
}

function showTarget(run: NodeRun, step: Step, { target, previousImage }: InitBegun): void {
  run.show(
    { step, target: target.image, previousImage },
    { image: target.image, outcome: 'Running' },
  );
}

function finish<T>(run: NodeRun, write: () => Promise<T>): Promise<T> {
  run.show({ step: 'finish', waitingFor: undefined });
  run.markRead();
  return write();
}
