import { ApplicationFailure } from '@temporalio/common';

import type { NodeRef, ObjectKey } from '../../domain/node/node-ref.ts';
import type { ClusterCache } from '../../kubernetes/cluster.ts';

type Synced = Pick<ClusterCache, 'hasSynced'>;

/**
 * Refuses a step for a node whose namespace has not been listed yet: objects that the cache does not show may exist
 * there. A process that serves several namespaces starts without those that it cannot list.
 */
export function whereListed<Input extends { readonly node: NodeRef }, Result>(
  cache: Synced,
  activity: (input: Input) => Promise<Result>,
): (input: Input) => Promise<Result> {
  return async (input) => {
    refuseUnlisted(cache, input.node);
    return activity(input);
  };
}

/** @throws a retryable failure */
export function refuseUnlisted(cache: Synced, { namespace }: Pick<ObjectKey, 'namespace'>): void {
  if (cache.hasSynced({ namespace })) return;
  throw ApplicationFailure.retryable(
    `namespace ${namespace} has not been listed by this worker yet; if that lasts, check that it is there and that the worker may list and watch in it`,
    'NamespaceNotListed',
  );
}
