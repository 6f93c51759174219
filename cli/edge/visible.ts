/**
 * What a terminal acts on instead of showing it: control characters, and the marks that turn the order
 * of what follows. Objects of a cluster hold what anybody wrote into them: an Event could take away
 * lines, show a command that nobody suggested, or fill the clipboard.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** The sequences by which the palette paints, and a clipped line ends its colours. */
const PAINT = new RegExp(String.raw`(\u001B\[(?:0|1|2|22|31|32|33|39)m)`);

/** The text with what cannot be seen in it shown, as `\\u001b`. */
export function visible(text: string): string {
  return text.replace(
    UNSEEN,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The same for a text that our palette may have painted. */
export function visibleBesidePaint(text: string): string {
  return text
    .split(PAINT)
    .map((part, index) => (index % 2 === 0 ? visible(part) : part))
    .join('');
}
