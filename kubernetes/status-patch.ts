import type { RawObject } from '../domain/node/raw-object.ts';
import { isRawObject, parseJson } from '../domain/node/raw-object.ts';
import type { SeiNodeStatus } from '../domain/node/sei-node-status.ts';
import { mergePatch } from './api/merge-patch.ts';

/** Every field of a kind's status that we write. The others belong to another operator and stay as they are. */
export type OwnedFields<Status> = Readonly<Record<keyof Status, true>>;

export const NODE_STATUS_FIELDS: OwnedFields<SeiNodeStatus> = {
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
};

/** Returns the smallest merge patch from one status of a SeiNode to another; undefined if they are equal. */
export function statusPatch(
  before: SeiNodeStatus | undefined,
  after: SeiNodeStatus,
): RawObject | undefined {
  return patchOfOwned(NODE_STATUS_FIELDS, before, after);
}

/** Does the same for any kind. */
export function patchOfOwned<Status extends object>(
  fields: OwnedFields<Status>,
  before: Status | undefined,
  after: Status,
): RawObject | undefined {
  return mergePatch(ownedPart(fields, before ?? {}), ownedPart(fields, after));
}

/** As JSON would carry it: undefined and absent fields are the same. */
function ownedPart(fields: object, status: object): RawObject {
  const json = parseJson(JSON.stringify(status));
  if (!isRawObject(json)) throw new TypeError('A status is an object');
  return Object.fromEntries(Object.entries(json).filter(([key]) => key in fields));
}
