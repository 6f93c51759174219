import type { Priority } from '@temporalio/common';

import type { ObjectKey } from '../../domain/node/node-ref.ts';

/**
 * With what priority a node's run begins, which its steps inherit: those of one Kubernetes namespace do not
 * wait behind all those of another. Servers that know no fairness take it and pass it over.
 */
export function runPriority({ namespace }: Pick<ObjectKey, 'namespace'>): Priority {
  // 63 bytes at most, of which Temporal takes 64.
  return { fairnessKey: namespace };
}
