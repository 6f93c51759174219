import type { SyncBegun } from '../activities/contract/begin.ts';
import type { Hold } from '../domain/node/sei-node-status.ts';
import type { AppliedStatefulSet } from '../domain/pod/pod-replacement.ts';
import { applyStatefulSet } from './apply-statefulset.ts';
import { awaitPodsGone } from './await-pods-gone.ts';
import type { NodeRun } from './node-run.ts';
import { observeAndMarkReady } from './observe-and-mark-ready.ts';
import { withProgressDeadline } from './progress-deadline.ts';
import { sideBySide } from './side-by-side.ts';
import { untilSuperseded } from './supersede.ts';
import type { AttemptEnd, Work } from './work.ts';

/** Converges a node without a roll; under a hold it only lets the pod through. */
export function syncWork(run: NodeRun): Work {
  return {
    kind: 'nodeSync',
    attempt: (planId) => attemptSync(run, planId),
    recordFailure: (planId, failure) => run.steps.failSync({ node: run.node, planId, failure }),
  };
}

async function attemptSync(run: NodeRun, planId: string): Promise<AttemptEnd> {
  const { node, workflowId } = run;
  run.show({ step: 'begin', waitingFor: undefined });
  const begun = await run.steps.beginSync({ node, planId, workflowId });
  if (begun.kind === 'gone') return begun;
  if (begun.kind === 'not-due') return { kind: 'settled', due: begun.due };
  showHold(run, begun.hold);
  const synced = await untilSuperseded(run, begun, () =>
    withProgressDeadline(run, { node, planId }, begun, () => sync(run, planId, begun)),
  );
  if (synced.kind === 'late') return { kind: 'superseded' };
  if (synced.kind !== 'synced') return synced;

  run.show({ step: 'finish', waitingFor: undefined });
  run.inbox.markRead();
  const { sidecar } = synced;
  const finished = await run.steps.finishSync({ node, planId, sidecar });
  return finished.kind === 'gone' ? finished : { kind: 'settled', due: finished.due };
}

/** A hold is no reason to close: the pod is let through, and `resume` has to find this run. */
function showHold(run: NodeRun, hold: Hold | undefined): void {
  run.steering.held = hold !== undefined;
  run.show({ heldBy: hold && `${hold.actor} (${hold.reason}) since ${hold.since}` });
}

async function sync(run: NodeRun, planId: string, begun: SyncBegun) {
  const { node } = run;
  const { target, generation } = begun;
  if (!begun.applies) return scaleDownOrServe(run, planId, begun, begun.statefulSet);
  run.lateness.at('apply-statefulset');
  run.show({ step: 'apply-statefulset', target: target.image }, { image: target.image });
  const [applied] = await sideBySide(
    () => applyStatefulSet(run, { node, planId, target, generation }),
    () => run.steps.applyService({ node, planId, generation }),
    () => run.steps.applyRbacProxyConfig({ node, planId, generation }),
  );
  if (applied.kind !== 'applied') return applied;
  return scaleDownOrServe(run, planId, begun, applied.statefulSet);
}

/** A paused node is paused once its last pod is gone. */
async function scaleDownOrServe(
  run: NodeRun,
  planId: string,
  begun: SyncBegun,
  statefulSet: AppliedStatefulSet | undefined,
) {
  if (begun.scalesDown !== true) return serve(run, planId, begun, statefulSet);
  run.stall = begun.stall;
  const waited = await awaitPodsGone(run, { node: run.node, planId }, 'paused');
  return waited.kind === 'none-left'
    ? ({ kind: 'synced', sidecar: begun.sidecar } as const)
    : waited;
}

/** Lets the pod through if it waits for that. */
async function serve(
  run: NodeRun,
  planId: string,
  begun: SyncBegun,
  statefulSet: AppliedStatefulSet | undefined,
) {
  if (!begun.marksReady || statefulSet === undefined) {
    return { kind: 'synced', sidecar: begun.sidecar } as const;
  }
  const { target, generation } = begun;
  const rollout = { node: run.node, planId, target, generation, statefulSet };
  run.stall = begun.stall;
  const ready = await observeAndMarkReady(run, rollout, { revision: 'any' });
  return ready.kind === 'ready' ? ({ kind: 'synced', sidecar: 'ready' } as const) : ready;
}
