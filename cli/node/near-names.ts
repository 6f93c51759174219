/** The names that somebody may have meant by one that does not exist, the nearest first; three at most. */
export function nearNames(wrong: string, names: readonly string[]): readonly string[] {
  const bound = Math.max(2, Math.floor(wrong.length / 3));
  return names
    .map((name) => ({ name, distance: distanceOf(wrong, name) }))
    .filter(({ name, distance }) => distance <= bound || name.includes(wrong))
    .toSorted((one, other) => one.distance - other.distance || one.name.localeCompare(other.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein's: how many characters are to be added, left out or changed. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index += 1) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (other[column - 1] === one[index] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
