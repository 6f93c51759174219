import { visibleOnOneLine } from '../../domain/text/visible.ts';
import type { Paint } from './palette.ts';

/** Text of one line; `paint` is applied to the padded text, so that colours do not shift columns. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

/** Two spaces between columns, where kubectl has three: our columns are many. */
const GAP = '  ';

/** Aligns rows in columns, without spaces at the ends of lines. */
export function table(rows: readonly (readonly Cell[])[], indent = ''): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(textOf(cell)));
    });
  }
  return rows.map((row) => {
    const last = row.findLastIndex((cell) => textOf(cell) !== '');
    const cells = row.slice(0, last + 1).map((cell, column) => {
      const text = textOf(cell);
      const padding = column === last ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(text));
      return (typeof cell === 'string' ? text : cell.paint(text)) + padding;
    });
    return indent + cells.join(GAP);
  });
}

/** Returns the text as the terminal will show it, which decides the width of its column. */
function textOf(cell: Cell): string {
  return visibleOnOneLine(typeof cell === 'string' ? cell : cell.text);
}

/** Counts one column for each code point: enough for names, images and messages of Kubernetes. */
function widthOf(text: string): number {
  return Array.from(text).length;
}
