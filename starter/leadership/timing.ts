/**
 * The time for which the Lease of a silent leader stands. Another follows a killed leader within `LEASE_SECONDS +
 * RETRY_SECONDS`: its last renewal is seen up to a retry late, and expires for a candidate as long after that. 15 s are
 * promised, which leaves 3 s for a slow API server.
 */
export const LEASE_SECONDS = 10;

/**
 * A leader that could not renew for so long stops. Shorter than the Lease by 3 s, in which reports under way end before
 * another can lead.
 */
export const RENEW_DEADLINE_SECONDS = 7;

/** The time between two renewals, or looks at another's Lease: three of them fit into the deadline. */
export const RETRY_SECONDS = 2;

/** A later answer may be that of a dead connection; another try still fits. */
export const REQUEST_SECONDS = 3;
