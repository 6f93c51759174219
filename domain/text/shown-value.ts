/** Longer than any correct setting except paths, lists and addresses, and shorter than any key or token. */
const LONGEST_SHOWN = 40;

/**
 * Returns the value of a setting as a message may show it. Somebody may have put a token where it does not belong,
 * and messages end up in logs: hides a value that could be one, and a user and password in an address.
 */
export function shownValue(value: string): string {
  const shown = withoutUserInfo(value);
  return shown.length > LONGEST_SHOWN ? `(${value.length} characters, not shown)` : shown;
}

/** Returns an address without its user and password, and any other text unchanged. */
export function withoutUserInfo(address: string): string {
  return address.replace(/\/\/\S*@/g, '//***@');
}

/** Returns a path as a message may show it: whole if it begins like a path, since a person has to look at it. */
export function shownPath(path: string): string {
  return /^[./~][^\n]*$/.test(path) ? path : shownValue(path);
}
