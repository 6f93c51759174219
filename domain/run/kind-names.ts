import type { WorkKind } from '../work/due-work.ts';
import type { ActivityRow } from './activities.ts';
import { ACTIVITIES } from './activities.ts';

/** The names of a kind of object with runs. Temporal stores all of them: wire names. */
export interface KindNames {
  /** The first part of its workflow ids. */
  readonly id: string;
  /** Its workflow types: the kinds of due work that have one. */
  readonly workflows: Readonly<Record<string, true>>;
  /** The activities that its runs, and no others, schedule. One worker registers those of all kinds. */
  readonly activities: Readonly<Record<string, ActivityRow>>;
}

export const NODE_NAMES = {
  id: 'seinode',
  workflows: {
    nodeInit: true,
    nodeUpdate: true,
    nodeSync: true,
    nodeDelete: true,
  } satisfies Record<WorkKind, true>,
  activities: ACTIVITIES,
} as const satisfies KindNames;

/** All kinds of object that have runs. */
export const KINDS: readonly KindNames[] = [NODE_NAMES];

/** Returns the row of an activity of any kind. */
export function activityRow(activityType: string): ActivityRow | undefined {
  const kind = KINDS.find(({ activities }) => Object.hasOwn(activities, activityType));
  return kind?.activities[activityType];
}
