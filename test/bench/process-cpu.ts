import { statFields } from '../../devcluster/process-table.ts';

/** Linux counts the time of processes in hundredths of a second for every program, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** Returns the seconds of a processor that a process has used so far, user and system; 0 if it has ended. */
export function processCpuSeconds(pid: number): number {
  const { 14: userTicks = 0, 15: systemTicks = 0 } = statFields(pid);
  return (Number(userTicks) + Number(systemTicks)) / TICKS_PER_SECOND;
}
