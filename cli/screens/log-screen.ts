import type { LogEntry } from '../node/log-entry.ts';
import { oneLine } from './one-line.ts';
import type { Palette } from './palette.ts';

/** The width of most reasons of Events, so that messages begin in one column. */
const WHAT_WIDTH = 18;

/** Renders an entry as one line: when, from where, what. */
export function logLine(entry: LogEntry, palette: Palette): string {
  const { atMs, source, isWarning, what, message } = entry;
  const isEvent = source === 'kubernetes';
  const exact = new Date(atMs).toISOString();
  // Events have whole seconds only.
  const time = isEvent ? exact.replace(/\.\d+Z$/, 'Z    ') : exact;
  const mark = isEvent ? 'event' : 'run  ';
  const word = what.padEnd(WHAT_WIDTH);
  return `${palette.dim(time)}  ${palette.dim(mark)}  ${isWarning ? palette.bad(word) : word}  ${oneLine(message)}`;
}
