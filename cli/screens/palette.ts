/** Marks a piece of text; the text's width on the screen stays as it is. */
export type Paint = (text: string) => string;

/** The few colours that screens use, by their meaning. */
export interface Palette {
  readonly good: Paint;
  readonly warn: Paint;
  readonly bad: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
}

export const plain: Palette = {
  good: (text) => text,
  warn: (text) => text,
  bad: (text) => text,
  dim: (text) => text,
  strong: (text) => text,
};

/**
 * Makes ANSI colours of the terminal's own scheme, readable on its background.
 *
 * @param seal stands before each sequence. Texts from outside may hold any sequence, but not the seal of this process:
 *   the terminal lets sealed sequences through, and shows all others.
 */
export function coloured(seal: string): Palette {
  const ansi =
    (begin: number, end: number): Paint =>
    (text) =>
      text === '' ? text : `${seal}\u001B[${begin}m${text}${seal}\u001B[${end}m`;
  return {
    good: ansi(32, 39),
    warn: ansi(33, 39),
    bad: ansi(31, 39),
    dim: ansi(2, 22),
    strong: ansi(1, 22),
  };
}
