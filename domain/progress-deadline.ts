import type { SeiNode } from './sei-node.ts';

/** What Deployments of Kubernetes have by default, and the API documents for SeiNodes. */
const DEFAULT_SECONDS = 600;

/**
 * By when the plan under way is expected to be complete, and what happens when it is not.
 *
 * @param now RFC 3339.
 */
export function progressDeadline(
  node: SeiNode,
  now: string,
): {
  /** RFC 3339. */
  readonly at: string;
  readonly autoRollback: boolean;
} {
  const { progressDeadlineSeconds = DEFAULT_SECONDS, autoRollback = false } =
    node.spec.updatePolicy ?? {};
  // A plan that does not say when it began is counted from now.
  const from = Date.parse(node.status?.plan?.startedAt ?? now);
  return { at: new Date(from + progressDeadlineSeconds * 1_000).toISOString(), autoRollback };
}
