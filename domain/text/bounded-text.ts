/**
 * Returns the beginning of a text, at most `maxLength` UTF-16 code units, as a string of its own: engines
 * keep the whole text in memory as long as any slice of it lives.
 */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return JSON.parse(JSON.stringify(text.slice(0, maxLength))) as string;
}

/** Longer than any usable name, label or image. */
const LONGEST_WORD = 512;

/** Bounds a name, label or image that somebody else wrote and that may hold anything. */
export function boundedWord(text = ''): string {
  return boundedText(text, LONGEST_WORD);
}
