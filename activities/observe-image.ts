import { assertNever } from '../domain/assert-never.ts';
import type { RolloutProgress } from '../domain/rollout.ts';
import { describeProgress, rolloutProgress, startProgress } from '../domain/rollout.ts';
import { stallTurn } from '../domain/stall.ts';
import { observedImage } from '../domain/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities, ObserveImageInput, ObserveImageResult } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { watchAttempt } from './watch-attempt.ts';

/**
 * Watches the rollout until the new pod runs its image, which is then recorded as the current one, or
 * until it is held back in another way than the caller knows of.
 *
 * Safe to retry: it only watches, and the image it records is the one it saw.
 */
export function createObserveImage(deps: ActivityDeps): NodeActivities['observeImage'] {
  return async (input) => {
    let calmSince: Date | undefined;
    const begun = deps.now();
    const look = (): Turn | undefined => {
      const progress = progressNow(deps, input);
      const now = deps.now();
      calmSince = progress.kind === 'progressing' ? (calmSince ?? now) : undefined;
      const isPatient = now.getTime() - begun.getTime() < (input.patienceMs ?? 0);
      if (isPatient && progress.kind !== 'complete') return undefined;
      return turnOf(progress, input, now.getTime() - (calmSince ?? now).getTime());
    };
    const seen = await watchAttempt(deps, input, look, () =>
      describeProgress(progressNow(deps, input)),
    );
    if (seen.kind !== 'complete') return seen;
    const result = await updateNodeStatus(deps, input.node, (node) =>
      observedImage(node, input.planId, seen.pod, deps.now().toISOString()),
    );
    return result.kind === 'gone' ? { kind: 'gone' } : seen;
  };
}

function progressNow(deps: ActivityDeps, input: ObserveImageInput): RolloutProgress {
  const statefulSet = deps.cache.statefulSet(input.node);
  const pods = deps.cache.pods(input.node);
  const nowMs = deps.now().getTime();
  return input.revision === 'newest'
    ? rolloutProgress(input.statefulSet, statefulSet, pods, nowMs)
    : startProgress(input.statefulSet, statefulSet, pods, nowMs);
}

type Turn = Extract<ObserveImageResult, { kind: 'complete' | 'blocked' | 'unblocked' }>;

/** What the caller has to know, or undefined while nothing has changed for it. */
function turnOf(
  progress: RolloutProgress,
  { known }: ObserveImageInput,
  calmMs: number,
): Turn | undefined {
  if (progress.kind === 'complete') return progress;
  const turn = stallTurn(progress, known, calmMs);
  switch (turn.kind) {
    case 'same':
      return undefined;
    case 'unblocked':
      return turn;
    case 'blocked':
      return { kind: 'blocked', trouble: turn.stall };
    default:
      return assertNever(turn);
  }
}
