/** One line of a comparison. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/**
 * How one text becomes another, by their longest common subsequence of lines. Its table is as large
 * as the product of their lengths: for objects of some hundred lines.
 */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const lengths = commonLengths(before, after);
  const common = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const one = before[row];
    const other = after[column];
    if (one !== undefined && one === other) {
      lines.push({ kind: 'same', text: one });
      row += 1;
      column += 1;
    } else if (
      one !== undefined &&
      (other === undefined || common(row + 1, column) >= common(row, column + 1))
    ) {
      lines.push({ kind: 'removed', text: one });
      row += 1;
    } else if (other !== undefined) {
      lines.push({ kind: 'added', text: other });
      column += 1;
    }
  }
  return lines;
}

/** At [i][j]: how many lines the texts have in common from line i and line j on. */
function commonLengths(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly number[])[] {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    Array.from({ length: after.length + 1 }, () => 0),
  );
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const below = lengths[row + 1];
      const here = lengths[row];
      if (below === undefined || here === undefined) continue;
      here[column] =
        before[row] === after[column]
          ? (below[column + 1] ?? 0) + 1
          : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return lengths;
}
