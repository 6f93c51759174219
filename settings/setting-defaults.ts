/**
 * Kubernetes' own 30 seconds kill a seid that is still writing its state, and a database that was killed in
 * a write may not open again. The original operator gives its bootstrap pods as long.
 */
export const DEFAULT_TERMINATION_GRACE_SECONDS = 120;
