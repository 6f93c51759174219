import { stallChange } from '../domain/node/stall.ts';
import { eventTrouble, isSeenInEventsAlone } from '../domain/pod/event-trouble.ts';
import type { TemplateImages } from '../domain/pod/observed-pod.ts';
import { isEditedPod, templateOf } from '../domain/pod/observed-pod.ts';
import { isOtherTemplate } from '../domain/pod/pod-replacement.ts';
import type { RolloutProgress } from '../domain/pod/rollout-progress.ts';
import { describeProgress, rolloutProgress } from '../domain/pod/rollout-progress.ts';
import type { RunningPod } from '../domain/pod/running-pod.ts';
import { observedImage } from '../domain/work/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { Superseded } from './contract/plan.ts';
import type { ObserveImageInput, ObserveImageResult } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import type { EventWatch } from './shared/event-watch.ts';
import { createEventWatch } from './shared/event-watch.ts';
import { recordEvent } from './shared/record-event.ts';
import { watchAttempt } from './shared/watch-attempt.ts';

/**
 * Watches the rollout until the new pod runs its image, and records that as the current one; or until the node is
 * stalled in another way than the caller knows. In a roll, a pod or template that somebody has edited proves nothing,
 * and the attempt begins again. A sync lets an edited pod through as it is.
 *
 * Safe to retry: it only watches, and the image it records is the one it saw.
 */
export function createObserveImage(deps: ActivityDeps): NodeActivities['observeImage'] {
  return async (input) => {
    let quietSince: Date | undefined;
    const events = createEventWatch(deps, isSeenInEventsAlone(input.known?.reason ?? ''));
    const progressNow = (): RolloutProgress => {
      const progress = progressByStatus(deps, input);
      return withEvents(progress, events, deps.now().getTime());
    };
    const begun = deps.now();
    const look = (): Turn | Superseded | undefined => {
      if (input.revision === 'newest' && isOfOthers(deps, input)) return { kind: 'superseded' };
      const progress = progressNow();
      const now = deps.now();
      quietSince = progress.kind === 'progressing' ? (quietSince ?? now) : undefined;
      const isPatient = now.getTime() - begun.getTime() < (input.patienceMs ?? 0);
      if (isPatient && progress.kind !== 'complete') return undefined;
      return turnOf(progress, input, now.getTime() - (quietSince ?? now).getTime());
    };
    const seen = await watchAttempt(deps, input, look, () => describeProgress(progressNow()));
    if (seen.kind !== 'complete') return seen;
    const pod = deps.cache.pods(input.node).find(({ uid }) => uid === seen.pod.uid);
    const template = pod && templateOf(pod, deps.cache.statefulSet(input.node));
    const result = await updateNodeStatus(deps, input.node, (node) =>
      observedImage(
        node,
        input.planId,
        { pod: seen.pod, template },
        deps.now().toISOString(),
        input.markReadyId,
      ),
    );
    if (result.kind === 'gone') return { kind: 'gone' };
    await recordRewrite(deps, input, seen.pod, template);
    return seen;
  };
}

/** True when somebody else has changed the template since it was applied, or the pod since it was observed. */
function isOfOthers({ cache }: ActivityDeps, { node, statefulSet }: ObserveImageInput): boolean {
  if (isOtherTemplate(statefulSet, cache.statefulSet(node))) return true;
  const observed = cache.node(node)?.status?.pod;
  return cache
    .pods(node)
    .some((pod) => pod.deletionTimestamp === undefined && isEditedPod(pod, observed));
}

/** Records that admission has rewritten the image, so that nobody takes it for an edit of the pod. */
async function recordRewrite(
  deps: ActivityDeps,
  { node }: ObserveImageInput,
  { name, uid, image }: RunningPod,
  template: TemplateImages | undefined,
): Promise<void> {
  if (template === undefined || image === template.image) return;
  await recordEvent(deps, node, {
    type: 'Normal',
    reason: 'ImageRewritten',
    message: `pod ${name} runs ${image}: admission made that of ${template.image}`,
    occurrence: uid,
  });
}

function progressByStatus(deps: ActivityDeps, input: ObserveImageInput): RolloutProgress {
  const statefulSet = deps.cache.statefulSet(input.node);
  const pods = deps.cache.pods(input.node);
  const nowMs = deps.now().getTime();
  return rolloutProgress(input.revision, input.statefulSet, statefulSet, pods, nowMs);
}

/** Adds the trouble of a pod that is not made, or does not start, for a cause that only Events show. */
function withEvents(progress: RolloutProgress, events: EventWatch, nowMs: number): RolloutProgress {
  if (progress.kind !== 'progressing' || progress.subject === undefined) return progress;
  const trouble = eventTrouble(progress.subject, events.of(progress.subject), nowMs);
  return trouble === undefined ? progress : { kind: 'blocked', trouble };
}

type Turn = Extract<ObserveImageResult, { kind: 'complete' | 'blocked' | 'unblocked' }>;

/** Returns the news for the caller; undefined while there is none. */
function turnOf(
  progress: RolloutProgress,
  { known }: ObserveImageInput,
  quietMs: number,
): Turn | undefined {
  if (progress.kind === 'complete') return progress;
  const trouble = progress.kind === 'blocked' ? progress.trouble : undefined;
  return stallChange(trouble, known, quietMs);
}
