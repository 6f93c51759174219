import type { ClusterApi } from '../kubernetes/cluster.ts';
import type { CallErrorMetrics } from './call-error-metrics.ts';
import { withErrorHook } from './error-hook.ts';
import type { UpdateMetrics } from './update-metrics.ts';

/** Wraps the API so that failed calls are counted, and the outcomes that written statuses record. */
export function observedClusterApi(
  api: ClusterApi,
  metrics: { readonly errors: CallErrorMetrics; readonly updates: UpdateMetrics },
): ClusterApi {
  const observed = withErrorHook(api, (_, error) => metrics.errors.apiFailed(error));
  return {
    ...observed,
    patchNodeStatus: async (before, status) => {
      const node = await observed.patchNodeStatus(before, status);
      metrics.updates.written(before.status, status);
      return node;
    },
  };
}
