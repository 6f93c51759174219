/** @returns the first version such as `1.36.3` in a text, or undefined */
export function versionIn(text: string): string | undefined {
  return /\bv?(\d+\.\d+\.\d+)/.exec(text)?.[1];
}

/** Returns whether a version is in a range; missing parts of the bounds count as 0. */
export function isInRange(
  version: string,
  range: { readonly from: string; readonly below: string },
): boolean {
  return compare(version, range.from) >= 0 && compare(version, range.below) < 0;
}

function compare(left: string, right: string): number {
  const [a, b] = [parts(left), parts(right)];
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

function parts(version: string): Record<'major' | 'minor' | 'patch', number> {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return { major, minor, patch };
}
