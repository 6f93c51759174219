import { cleanText } from './text.ts';
import { utf8Prefix } from './utf8-prefix.ts';

/**
 * Temporal's default for the summary of a run (`limit.userMetadataSummarySize`) is 400 bytes of an encoded
 * payload, and a start beyond it is refused: this leaves room for the encoding, and for encryption.
 */
const SUMMARY_BYTES = 256;

/** One line of the Web UI's list, bounded: image names and lists of what drifted may be long. */
export function runSummary(text: string): string {
  const clean = cleanText(text, SUMMARY_BYTES);
  const cut = utf8Prefix(clean, SUMMARY_BYTES);
  return cut === clean ? clean : `${utf8Prefix(clean, SUMMARY_BYTES - 3)}…`;
}
