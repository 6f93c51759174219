import { processIdentity, residentBytes } from '../../devcluster/process-table.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** One number for each process of the operator. */
export interface ProcessValues {
  readonly worker: number;
  readonly watcher: number;
}

/** Reads the memory of a testbed's worker and watcher, in bytes. */
export function memoryOf(bed: Testbed): ProcessValues {
  const bytesOf = (wanted: 'worker' | 'watcher'): number => {
    const running = bed.processes().filter((each) => !each.hasEnded());
    const pid = running.find(({ role }) => role === wanted)?.pid;
    const identity = pid === undefined ? undefined : processIdentity(pid);
    return identity === undefined ? 0 : residentBytes(identity);
  };
  return { worker: bytesOf('worker'), watcher: bytesOf('watcher') };
}
