import { NODE_NAMES } from '../domain/run/kind-names.ts';
import type { WorkKind } from '../domain/work/due-work.ts';

/** The values of label `work`. */
export const WORK_KINDS = Object.keys(NODE_NAMES.workflows) as readonly WorkKind[];
