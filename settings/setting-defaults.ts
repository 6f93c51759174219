/** What almost every cluster has. */
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/**
 * Kubernetes' own 30 seconds kill a seid that is still writing its state, and a database that was killed
 * in a write may not open again. As long as the original operator gives its bootstrap pods.
 */
export const DEFAULT_TERMINATION_GRACE_SECONDS = 120;
