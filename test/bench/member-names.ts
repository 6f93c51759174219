/** Numbers the members of a fleet, so that one that grows keeps those it has. */
export function memberNames(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => `n${from + index}`);
}
