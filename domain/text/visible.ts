/**
 * Characters that a terminal obeys instead of showing them, and those that show nothing: control characters, marks
 * that turn the order of the text after them, invisible separators and joiners, and halves of a surrogate pair.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Returns the text with its invisible characters spelled out, as `\\u001b`. Objects of a cluster hold any
 * text that anybody wrote: an Event could erase lines, show a command that nobody suggested, or fill the
 * clipboard. In a string of JSON this is another spelling of the same string.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (unseen) => {
    const units = Array.from({ length: unseen.length }, (_, index) => unseen.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** Does the same for a text that has to stay on its line. */
export function visibleOnOneLine(text: string): string {
  return visible(text).replaceAll('\n', String.raw`\u000a`);
}
