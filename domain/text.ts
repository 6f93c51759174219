const ELLIPSIS = '…';

/**
 * What a text may not carry into a status, a label or a terminal: control characters, which move the
 * cursor or end a line; the bidi marks, embeddings, overrides and isolates, which show a text in
 * another order than it is written in; invisible separators and joiners; and halves of a surrogate
 * pair, which no encoder takes.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes a text from outside fit to be stored and shown: what is unsafe becomes a space, runs of white
 * space become one, and what is longer than `maxLength` is cut and ends with an ellipsis. The length is
 * in UTF-16 code units, and no character is cut in half.
 */
export function cleanText(text: string, maxLength: number): string {
  // More than the bound is looked at only as far as it can matter: a text may be of megabytes.
  const head = text.slice(0, maxLength * 4);
  const clean = head.replace(UNSAFE, ' ').replace(/\s+/gu, ' ').trim();
  if (clean.length <= maxLength && head.length === text.length) return clean;
  const kept = clean.slice(0, Math.max(0, maxLength - ELLIPSIS.length));
  // Half of a pair that the cut has left.
  return `${kept.replace(/\p{Cs}$/u, '').trimEnd()}${ELLIPSIS}`;
}
