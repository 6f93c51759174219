import type { WorkKind } from '../domain/work/due-work.ts';

const KINDS = {
  nodeInit: true,
  nodeUpdate: true,
  nodeSync: true,
  nodeDelete: true,
} as const satisfies Record<WorkKind, true>;

/** The values of label `work`. */
export const WORK_KINDS = Object.keys(KINDS) as readonly WorkKind[];
