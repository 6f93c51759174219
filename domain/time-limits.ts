/**
 * How long things may take that bound each other. A request that is sent right after a heartbeat has had its
 * effect before the server gives up on the worker that sent it; else a worker that is cut off from
 * Temporal could delete a pod after a hold was answered.
 */

/**
 * Admission webhooks get 10 s by default before the API server gives up on them, and it then says which
 * one; a shorter time-out would hide that.
 */
export const REQUEST_TIMEOUT_MS = 12_000;

/** Longer than a request, and no longer: so late is it noticed that a worker has died. */
export const HEARTBEAT_TIMEOUT_MS = 15_000;

/**
 * The same for a node that something holds back already. It loses nothing by the wait, and thousands of them may
 * heartbeat as seldom as that allows.
 */
export const HELD_BACK_HEARTBEAT_TIMEOUT_MS = 60_000;

/** Longer than any healthy rollout, so that one attempt covers it; a longer wait is a new attempt. */
export const WAITING_ATTEMPT_MS = 6 * 3_600_000;

/**
 * One attempt of a step that does not wait: five requests may time out by themselves, and say what was slow.
 * Most steps make two; one that is in conflict with others makes more, and goes on in the next attempt.
 */
export const QUICK_ATTEMPT_MS = 60_000;

/**
 * One attempt of a step that the roll does without: some seconds for the sidecar, and then a write that must
 * not outlast it. So long a worker that dies meanwhile holds up the roll.
 */
export const DISPENSABLE_ATTEMPT_MS = 30_000;
