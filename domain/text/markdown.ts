import { cleanText } from './text.ts';

/** More than anybody reads in one line of a page. */
const LONGEST_LINE = 4_096;

/** Everything in a text that can become a link or a picture, in CommonMark or in GitHub's dialect of it. */
const LINKING = /[[<]|:\/\/|www\.|mailto:|xmpp:|@[\w-]+\./i;

/**
 * Returns a text from outside as code, in which Markdown makes no link, no picture and no emphasis.
 * Escaping would not do: some pages look for addresses in the unescaped text.
 */
export function asCode(text: string): string {
  const clean = cleanText(text, LONGEST_LINE).replaceAll('`', "'");
  return clean === '' ? '` `' : `\`${clean}\``;
}

/** Returns a line as plain text if Markdown makes nothing else of it, otherwise as code. */
export function asPlainOrCode(line: string): string {
  return LINKING.test(line) ? asCode(line) : line;
}
