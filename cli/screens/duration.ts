const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Writes a time span in at most two units, as kubectl writes ages: `85ms`, `4.2s`, `3m12s`, `5h`, `12d`.
 *
 * @param ms milliseconds; clocks differ, so a negative span counts as none
 */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < SECOND) return `${Math.round(span)}ms`;
  if (span < 10 * SECOND) return `${(Math.floor(span / 100) / 10).toFixed(1)}s`;
  if (span < MINUTE) return `${Math.floor(span / SECOND)}s`;
  if (span < HOUR) return inUnits(span, MINUTE, 'm', SECOND, 's');
  if (span < DAY) return inUnits(span, HOUR, 'h', MINUTE, 'm');
  return inUnits(span, DAY, 'd', HOUR, 'h');
}

/** Writes an age or a wait, where fractions of a second say nothing. */
export function age(since: string | undefined, now: Date): string {
  if (since === undefined) return '';
  const span = Math.max(0, now.getTime() - Date.parse(since));
  return span < 10 * SECOND ? `${Math.floor(span / SECOND)}s` : duration(span);
}

/** Leaves the smaller unit out where it is nothing, and from ten of the larger one on. */
function inUnits(span: number, large: number, one: string, small: number, other: string): string {
  const many = Math.floor(span / large);
  const rest = Math.floor((span % large) / small);
  return rest === 0 || many >= 10 ? `${many}${one}` : `${many}${one}${rest}${other}`;
}
