/** Longer than any setting that is right, but for paths, lists and addresses, and shorter than any key or token. */
const LONGEST_SHOWN = 40;

/**
 * The value of a setting as a message may show it. A token may have been put where it does not belong, and
 * messages end up in logs: what could be one is not shown, nor a user and password in an address.
 */
export function shownValue(value: string): string {
  const shown = withoutUserInfo(value);
  return shown.length > LONGEST_SHOWN ? `(${value.length} characters, not shown)` : shown;
}

/** An address without the user and password in it; another text as it is. */
export function withoutUserInfo(address: string): string {
  return address.replace(/\/\/\S*@/g, '//***@');
}

/** The same for a path: what begins as one is shown whole, since it is what somebody has to look at. */
export function shownPath(path: string): string {
  return /^[./~][^\n]*$/.test(path) ? path : shownValue(path);
}
