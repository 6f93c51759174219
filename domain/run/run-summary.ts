import { asPlainOrCode } from '../text/markdown.ts';
import { cleanText } from '../text/text.ts';
import { utf8Prefix } from '../text/utf8-prefix.ts';

/**
 * Temporal limits the summary of a run (`limit.userMetadataSummarySize`) to 400 bytes of an encoded payload
 * by default, and refuses a start beyond it: this leaves room for the encoding, and for encryption.
 */
const SUMMARY_BYTES = 256;

/** The marks that turn a line of Markdown into code. */
const CODE_MARKS = 2;

/** The room for the text before its ellipsis. */
const TEXT_BYTES = SUMMARY_BYTES - CODE_MARKS - 3;

/** Returns one bounded line of Markdown for the Web UI's list: image names and lists of fields may be long. */
export function runSummary(text: string): string {
  const clean = cleanText(text, SUMMARY_BYTES);
  const cut = utf8Prefix(clean, SUMMARY_BYTES - CODE_MARKS);
  return asPlainOrCode(cut === clean ? clean : `${utf8Prefix(cut, TEXT_BYTES)}…`);
}
