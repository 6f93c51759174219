import { cleanText } from './text.ts';

/**
 * The longest text of a status, in UTF-16 units: far more than a person reads, and an eighth of what the
 * CRD takes for the message of a condition. A status that is refused for its length is never written.
 */
export const LONGEST_TEXT = 4_096;

/** What the CRD takes for the reason of a condition. */
const REASON = /^[A-Za-z](?:[A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const LONGEST_REASON = 1_024;

/** A text as a status may carry it, whoever wrote it. */
export function statusText(text: string): string {
  return cleanText(text, LONGEST_TEXT);
}

/**
 * A reason as a condition may carry it. One from outside, such as the type that somebody gave a failure
 * in Temporal, may be anything; what does not fit says nothing that a reader could look up.
 */
export function conditionReason(reason: string): string {
  return reason.length <= LONGEST_REASON && REASON.test(reason) ? reason : 'Unexpected';
}
