import { asPlainAsCanBe } from './markdown.ts';
import { cleanText } from './text.ts';
import { utf8Prefix } from './utf8-prefix.ts';

/**
 * Temporal's default for the summary of a run (`limit.userMetadataSummarySize`) is 400 bytes of an encoded
 * payload, and a start beyond it is refused: this leaves room for the encoding, and for encryption.
 */
const SUMMARY_BYTES = 256;

/** What makes code of a line in Markdown. */
const CODE_MARKS = 2;

/** Before the ellipsis of what is cut. */
const TEXT_BYTES = SUMMARY_BYTES - CODE_MARKS - 3;

/** One line of the Web UI's list, which is Markdown, bounded: image names and lists of what drifted may be long. */
export function runSummary(text: string): string {
  const clean = cleanText(text, SUMMARY_BYTES);
  const cut = utf8Prefix(clean, SUMMARY_BYTES - CODE_MARKS);
  return asPlainAsCanBe(cut === clean ? clean : `${utf8Prefix(cut, TEXT_BYTES)}…`);
}
