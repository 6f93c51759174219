import type { Priority } from '@temporalio/common';

import type { ObjectKey } from '../../domain/node/node-ref.ts';

/**
 * Returns the priority of a node's run, which its steps inherit: those of one Kubernetes namespace do not wait behind
 * all those of another. Servers without fairness ignore it.
 */
export function runPriority({ namespace }: Pick<ObjectKey, 'namespace'>): Priority {
  // 63 bytes at most, of which Temporal takes 64.
  return { fairnessKey: namespace };
}
