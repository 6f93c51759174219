import type { RawObject } from '../domain/raw-object.ts';
import { isRawObject, parseJson } from '../domain/raw-object.ts';
import type { SeiNodeStatus } from '../domain/sei-node-status.ts';
import { mergePatch } from './api/merge-patch.ts';

/** Every field that we write. The others, the original operator's, stay as they are. */
const OWNED_FIELDS = {
  observedGeneration: true,
  phase: true,
  currentImage: true,
  currentSidecarImage: true,
  conditions: true,
  phaseTransitionTime: true,
  statefulSet: true,
  pod: true,
  impostor: true,
  plan: true,
  config: true,
  hold: true,
  rollback: true,
  history: true,
} satisfies Record<keyof SeiNodeStatus, true>;

/** The smallest merge patch from one status to another; undefined when there is nothing to change. */
export function statusPatch(
  before: SeiNodeStatus | undefined,
  after: SeiNodeStatus,
): RawObject | undefined {
  return mergePatch(ownedPart(before ?? {}), ownedPart(after));
}

/** As JSON would carry it: a field that is undefined and one that is absent are the same. */
function ownedPart(status: SeiNodeStatus): RawObject {
  const json = parseJson(JSON.stringify(status));
  if (!isRawObject(json)) throw new TypeError('A status is an object');
  return Object.fromEntries(Object.entries(json).filter(([key]) => key in OWNED_FIELDS));
}
