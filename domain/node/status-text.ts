import { cleanText } from '../text/text.ts';

/**
 * The longest text of a status, in UTF-16 units: far more than a person reads, and an eighth of the CRD's
 * limit for the message of a condition. A status that is refused for its length is never written.
 */
export const LONGEST_TEXT = 4_096;

/** The CRD's pattern for the reason of a condition. */
const REASON = /^[A-Za-z](?:[A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const LONGEST_REASON = 1_024;

/** Returns a text that fits into a status, whoever wrote it. */
export function statusText(text: string): string {
  return cleanText(text, LONGEST_TEXT);
}

/**
 * Returns a reason that fits into a condition. One from outside, such as the type that somebody gave a
 * failure in Temporal, may be anything; a reason that does not fit would give a reader nothing to look up.
 */
export function conditionReason(reason: string): string {
  return reason.length <= LONGEST_REASON && REASON.test(reason) ? reason : 'Unexpected';
}
