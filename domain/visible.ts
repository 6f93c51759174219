/**
 * What a terminal acts on instead of showing it, and what shows nothing: control characters, marks that
 * turn the order of what follows, invisible separators and joiners, and halves of a surrogate pair.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * The text with what cannot be seen in it shown, as `\\u001b`. Objects of a cluster hold what anybody
 * wrote into them: an Event could take away lines, show a command that nobody suggested, or fill the
 * clipboard. In a string of JSON that is another spelling of the same string.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (unseen) => {
    const units = Array.from({ length: unseen.length }, (_, index) => unseen.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** The same for a text that has to stay on its line. */
export function visibleOnOneLine(text: string): string {
  return visible(text).replaceAll('\n', String.raw`\u000a`);
}
