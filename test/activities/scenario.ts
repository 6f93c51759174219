import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { ActivityBed } from './activity-bed.ts';

/** One activity, or one row of them, in the situation in which the workflow calls it. */
export interface Scenario {
  readonly name: string;
  readonly prepare: () => Promise<Situation>;
}

export interface Situation {
  readonly bed: ActivityBed;
  readonly attempt: () => Promise<unknown>;
}

export function situation<N extends keyof NodeActivities>(
  bed: ActivityBed,
  name: N,
  input: Parameters<NodeActivities[N]>[0],
): Situation {
  let attempts = 0;
  return { bed, attempt: () => bed.run(name, input, (attempts += 1)) };
}
