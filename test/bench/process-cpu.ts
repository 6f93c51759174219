import { readFileSync } from 'node:fs';

/** Linux counts the time of processes in hundredths of a second for every program, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** Returns the seconds of a processor that a process has used so far, user and system; 0 if it has ended. */
export function processCpuSeconds(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  // The second field is the command in parentheses and may itself hold blanks and parentheses. Fields 14 and 15 count.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = fields.slice(11, 13).map(Number);
  return ((userTicks ?? 0) + (systemTicks ?? 0)) / TICKS_PER_SECOND;
}
