const ELLIPSIS = '…';

/**
 * Characters that a text may not carry into a status, a label or a terminal: control characters, which move the
 * cursor or end a line; the bidi marks, embeddings, overrides and isolates, which show a text in another order than
 * it is written in; invisible separators and joiners; and halves of a surrogate pair, which no encoder takes.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes a text from outside fit to be stored and shown: turns unsafe characters into a space, and runs of
 * white space into one; cuts a text longer than `maxLength` and ends it with an ellipsis. Measures in
 * UTF-16 code units, and cuts no character in half.
 */
export function cleanText(text: string, maxLength: number): string {
  // Reads only the part that can matter: a text may have megabytes.
  const head = text.slice(0, maxLength * 4);
  const clean = head.replace(UNSAFE, ' ').replace(/\s+/gu, ' ').trim();
  if (clean.length <= maxLength && head.length === text.length) return clean;
  const kept = clean.slice(0, Math.max(0, maxLength - ELLIPSIS.length));
  // Half of a pair that the cut has left.
  return `${kept.replace(/\p{Cs}$/u, '').trimEnd()}${ELLIPSIS}`;
}
