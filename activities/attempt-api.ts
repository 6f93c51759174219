import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import { REQUEST_TIMEOUT_MS } from '../domain/time-limits.ts';
import type { ClusterApi } from '../kubernetes/cluster.ts';

/** The server counts an attempt from when it hands it out; we count from when it arrives here. */
const DELIVERY_MS = 1_000;

/** Under which of these a call falls: an Event tells of what was done, and changes nothing. */
const EFFECTS = {
  getNode: 'none',
  listNodes: 'none',
  patchNodeStatus: 'write',
  patchNodeFinalizers: 'write',
  getStatefulSet: 'none',
  applyStatefulSet: 'write',
  turnToOnDelete: 'write',
  deleteStatefulSet: 'write',
  getOwnedObjects: 'none',
  createService: 'write',
  createConfigMap: 'write',
  applyService: 'write',
  applyConfigMap: 'write',
  adoptObject: 'write',
  getSecretMetadata: 'none',
  getPersistentVolumeClaim: 'none',
  createPersistentVolumeClaim: 'write',
  deletePersistentVolumeClaim: 'write',
  listPods: 'none',
  getPod: 'none',
  listPodsWithClaim: 'none',
  dryRunPod: 'none',
  deletePod: 'write',
  getMountLease: 'none',
  listMountLeases: 'none',
  createMountLease: 'write',
  deleteMountLease: 'write',
  listMountUsers: 'none',
  listEvents: 'none',
  createEvent: 'none',
} as const satisfies Record<keyof ClusterApi, 'none' | 'write'>;

const begun = new WeakMap<Context, number>();

/** An activity whose attempts are known by when they began, for `attemptApi`. */
export function timed<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return (...args) => {
    begun.set(Context.current(), performance.now());
    return activity(...args);
  };
}

/**
 * The same API for an attempt at an activity, which writes nothing once it was cancelled, and nothing
 * that could have its effect after the attempt has timed out: by then the run may have gone on, and
 * answered somebody that the node is held.
 */
export function attemptApi(api: ClusterApi): ClusterApi {
  const guarded = Object.entries(EFFECTS)
    .filter(([, effect]) => effect === 'write')
    .map(([name]) => [name, writing(api, name as keyof ClusterApi)]);
  return { ...api, ...(Object.fromEntries(guarded) as Partial<ClusterApi>) };
}

function writing(api: ClusterApi, name: keyof ClusterApi) {
  const call = api[name] as (...args: readonly unknown[]) => Promise<unknown>;
  return async (...args: readonly unknown[]): Promise<unknown> => {
    await assertMayWrite();
    return call(...args);
  };
}

/** @throws where this attempt may not write any more. */
async function assertMayWrite(): Promise<void> {
  const context = Context.current();
  if (context.cancellationSignal.aborted) await context.cancelled;
  const beganMs = begun.get(context);
  if (beganMs === undefined) return;
  const leftMs = context.info.startToCloseTimeoutMs - (performance.now() - beganMs) - DELIVERY_MS;
  if (leftMs >= REQUEST_TIMEOUT_MS) return;
  throw ApplicationFailure.create({
    type: 'out-of-time',
    message: 'no write is begun that may outlast this attempt: the next one goes on',
  });
}
