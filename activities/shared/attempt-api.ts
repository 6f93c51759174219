import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import { REQUEST_TIMEOUT_MS } from '../../domain/run/time-limits.ts';
import type { ClusterApi } from '../../kubernetes/cluster.ts';

/** Covers the delivery: Temporal counts an attempt from when it hands it out, the worker from when it arrives. */
const DELIVERY_MS = 1_000;

/** The effect of each call. An Event only reports what was done, so it counts as none. */
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

/** Records when each attempt at an activity began, for `attemptApi`. */
export function timed<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return (...args) => {
    begun.set(Context.current(), performance.now());
    return activity(...args);
  };
}

/**
 * Returns the API for one attempt at an activity. It writes nothing once the attempt is cancelled, and begins no write
 * that could take effect after the attempt has timed out: by then the run may have gone on, and answered somebody that
 * the node is held.
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

/** @throws when this attempt may not write any more */
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
