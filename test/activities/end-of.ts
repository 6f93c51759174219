import type { Scenario, Situation } from './scenario.ts';

/** Events are recorded as well as possible, and never delay the work that they are about. */
export interface End {
  readonly state: unknown;
  readonly changes: readonly string[];
  /** The number of requests to the API server. */
  readonly requests: number;
  /** The number of calls to the sidecar about a task. */
  readonly taskCalls: number;
}

/** Finds the end of the activity when it is run until it succeeds, as the retry policy does. */
export async function endOf(
  scenario: Scenario,
  disturb: (situation: Situation) => void = () => undefined,
): Promise<End> {
  const situation = await scenario.prepare();
  const { bed, attempt } = situation;
  bed.cluster.requests.clear();
  bed.sidecar.calls.length = 0;
  disturb(situation);
  for (let attempts = 1; ; attempts += 1) {
    try {
      await attempt();
      break;
    } catch (err) {
      if (attempts === 5) throw err;
      // A retry comes later, so that what is stamped twice shows.
      bed.advanceClock(1);
    }
  }
  const { all, changes } = bed.cluster.requests;
  const { events: _events, inventory, ...state } = bed.state;
  return {
    state: timeless({ ...state, inventory: inventory.filter((one) => !one.startsWith('events ')) }),
    changes: changes.map(({ method }) => method).filter((method) => method !== 'createEvent'),
    requests: all.length,
    taskCalls: bed.sidecar.taskCalls.length,
  };
}

/** A write that succeeds at the second attempt carries the time of the second attempt. */
function timeless(state: object): unknown {
  return JSON.parse(JSON.stringify(state).replaceAll(/\d{4}-[\dT:.-]+Z/g, 'then'));
}
