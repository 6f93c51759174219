/** Marks a piece of text; the text's width on the screen stays as it is. */
export type Paint = (text: string) => string;

/** The few colours that screens use, by what they mean. */
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

/** ANSI colours of the terminal's own scheme, so that they can be read on its background. */
export const coloured: Palette = {
  good: ansi(32, 39),
  warn: ansi(33, 39),
  bad: ansi(31, 39),
  dim: ansi(2, 22),
  strong: ansi(1, 22),
};

function ansi(begin: number, end: number): Paint {
  return (text) => (text === '' ? text : `\u001B[${begin}m${text}\u001B[${end}m`);
}
