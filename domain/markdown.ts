import { cleanText } from './text.ts';

/** More than anybody reads of one line of a page. */
const LONGEST_LINE = 4_096;

/** All that can become a link or a picture in a text, in CommonMark or in GitHub's dialect of it. */
const LINKING = /[[<]|:\/\/|www\.|mailto:|xmpp:|@[\w-]+\./i;

/**
 * A text from outside within Markdown: as code, in which there is no link, no picture and no emphasis.
 * Escaping would not do: some pages look for addresses in the text that has been unescaped.
 */
export function asCode(text: string): string {
  const clean = cleanText(text, LONGEST_LINE).replaceAll('`', "'");
  return clean === '' ? '` `' : `\`${clean}\``;
}

/** A line that is to be plain text where Markdown makes no more of it, else as code. */
export function asPlainAsCanBe(line: string): string {
  return LINKING.test(line) ? asCode(line) : line;
}
