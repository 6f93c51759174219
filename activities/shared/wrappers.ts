import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { ClusterCache } from '../../kubernetes/cluster.ts';
import type { PlanRef } from '../contract/plan.ts';
import { timed } from './attempt-api.ts';
import { bookkeepingErrorsAsFailures, stepErrorsAsFailures } from './errors-as-failures.ts';
import type { FairShare } from './fair-share.ts';
import { heartbeatingThroughout } from './heartbeating.ts';
import { whereListed } from './where-listed.ts';

type Wrapper<Fields> = <Input extends Fields, Result>(
  activity: (input: Input) => Promise<Result>,
) => (input: Input) => Promise<Result>;

/**
 * Creates the wrappers for the activities of a kind: one for a `step`, one for a step that may `wait` long, one for the
 * `bookkeeping` of status, and one for bookkeeping that shows no trouble of its own as a stall.
 *
 * @param share of the heartbeats, for the waits of all kinds
 * @param withStall shows in the status of an object of the kind that an activity for it is in trouble
 */
export function createWrappers(
  cache: Pick<ClusterCache, 'hasSynced'>,
  share: FairShare,
  withStall: Wrapper<PlanRef>,
) {
  const unstalled: Wrapper<{ readonly node: NodeRef }> = (activity) =>
    bookkeepingErrorsAsFailures(whereListed(cache, activity));
  const bookkeeping: Wrapper<PlanRef> = (activity) => unstalled(timed(withStall(activity)));
  const step: Wrapper<PlanRef> = (activity) =>
    stepErrorsAsFailures(whereListed(cache, timed(withStall(activity))));
  const wait: Wrapper<PlanRef> = (activity) => step(heartbeatingThroughout(share, activity));
  return { step, wait, bookkeeping, unstalled };
}
