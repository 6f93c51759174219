import leven from 'leven';

/** Returns the names that a person may have meant by one that does not exist: the nearest first, at most three. */
export function nearNames(wrong: string, names: readonly string[]): readonly string[] {
  const bound = Math.max(2, Math.floor(wrong.length / 3));
  return names
    .map((name) => ({ name, distance: leven(wrong, name) }))
    .filter(({ name, distance }) => distance <= bound || name.includes(wrong))
    .toSorted((one, other) => one.distance - other.distance || one.name.localeCompare(other.name))
    .slice(0, 3)
    .map(({ name }) => name);
}
