const ESCAPE = new RegExp(String.raw`\u001B\[\d+m`, 'y');

/** Cuts the line to so many columns; colours take no column, and end where the text does. */
export function clip(line: string, columns: number): string {
  let width = 0;
  let index = 0;
  let isColoured = false;
  while (index < line.length) {
    ESCAPE.lastIndex = index;
    const escape = ESCAPE.exec(line)?.[0];
    if (escape !== undefined) {
      isColoured = true;
      index += escape.length;
      continue;
    }
    if (width === columns) return `${line.slice(0, index)}${isColoured ? '\u001B[0m' : ''}`;
    width += 1;
    index += (line.codePointAt(index) ?? 0) > 0xff_ff ? 2 : 1;
  }
  return line;
}
