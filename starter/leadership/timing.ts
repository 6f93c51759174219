/**
 * How long the Lease of a leader that is silent stands. A leader that is killed is followed within
 * `LEASE_SECONDS + RETRY_SECONDS`: its last renewal is seen up to a retry late, and expires for a
 * candidate as long after that. 15 s are promised, which leaves 3 s for a slow API server.
 */
export const LEASE_SECONDS = 10;

/**
 * A leader that could not renew for so long stops. Shorter than the Lease by 3 s, in which reports
 * that are under way come to an end before another can lead.
 */
export const RENEW_DEADLINE_SECONDS = 7;

/** Between two renewals, or looks at another's Lease: three of them fit into the deadline. */
export const RETRY_SECONDS = 2;

/** An answer that has not come by then may be one of a dead connection; another try still fits. */
export const REQUEST_SECONDS = 3;
