/**
 * Time limits that bound each other. A request that is sent right after a heartbeat has had its effect
 * before the server gives up on the worker that sent it; otherwise a worker that is cut off from Temporal
 * could delete a pod after a hold was answered.
 */

/**
 * Longer than the 10 s that the API server gives an admission webhook by default: it then says which
 * webhook was slow, and a shorter time-out would hide that.
 */
export const REQUEST_TIMEOUT_MS = 12_000;

/** Longer than a request, and no longer: it takes this long to notice that a worker has died. */
export const HEARTBEAT_TIMEOUT_MS = 15_000;

/**
 * The heartbeat time-out for a node that is already stalled. It loses nothing by the wait, and thousands of
 * such nodes may heartbeat as rarely as this allows.
 */
export const HELD_BACK_HEARTBEAT_TIMEOUT_MS = 60_000;

/** Longer than any healthy rollout, so that one attempt covers it; a longer wait is a new attempt. */
export const WAITING_ATTEMPT_MS = 6 * 3_600_000;

/**
 * One attempt of a step that does not wait: five requests may each time out, and say what was slow. Most
 * steps make two; one that is in conflict with others makes more, and goes on in the next attempt.
 */
export const QUICK_ATTEMPT_MS = 60_000;

/**
 * One attempt of a step that the roll can do without: some seconds for the sidecar, and then a write that
 * must not outlast it. A worker that dies meanwhile delays the roll by this much.
 */
export const DISPENSABLE_ATTEMPT_MS = 30_000;
