/**
 * The beginning of a text, of at most so many UTF-16 code units, as a string of its own: engines keep all
 * of a text in memory for as long as there is a part of it.
 */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return JSON.parse(JSON.stringify(text.slice(0, maxLength))) as string;
}

/** More than any name, label or image that can be used has. */
const LONGEST_WORD = 512;

/** The same of a name, a label or an image of others, which may be anything. */
export function boundedWord(text = ''): string {
  return boundedText(text, LONGEST_WORD);
}
