import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { hasCode } from './has-code.ts';

/** A process that cannot be confused with a later one of the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and the start of the process, field 22 of /proc/PID/stat. */
  readonly startTicks: string;
}

/** @returns undefined when there is no such process, or it has ended and only waits to be reaped */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  const fields = statFields(pid);
  const state = fields[3];
  const startTicks = fields[22];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return { pid, startTicks };
}

export function ownIdentity(): ProcessIdentity {
  const identity = processIdentity(process.pid);
  if (identity === undefined) {
    throw new Error('/proc/self/stat cannot be read; the devcluster runs on Linux only');
  }
  return identity;
}

export function isAlive(identity: ProcessIdentity): boolean {
  return processIdentity(identity.pid)?.startTicks === identity.startTicks;
}

/** Sends a signal to this very process; does nothing if it has ended. */
export function kill(target: ProcessIdentity, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch (err) {
    // The process ended between the two lines.
    if (!hasCode(err, 'ESRCH')) throw err;
  }
}

/** Returns the memory of a process that is in RAM now, in bytes; 0 if it has ended. */
export function residentBytes({ pid }: ProcessIdentity): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readOrUndefined(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

export interface FoundProcess extends ProcessIdentity {
  /** File name of the program, such as `kube-apiserver`. */
  readonly program: string;
}

/** Finds the running processes whose initial environment holds the entry `name=value`. */
export function processesWithEnvironment(name: string, value: string): FoundProcess[] {
  const entry = `\0${name}=${value}\0`;
  return processesThat((pid) => {
    const environment = readOrUndefined(`/proc/${pid}/environ`);
    return environment !== undefined && `\0${environment}\0`.includes(entry);
  });
}

/** Finds the running processes whose working directory this is. */
export function processesWorkingIn(directory: string): FoundProcess[] {
  return processesThat((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === directory;
    } catch {
      return false;
    }
  });
}

function processesThat(holds: (pid: number) => boolean): FoundProcess[] {
  return readdirSync('/proc')
    .filter((file) => /^\d+$/.test(file))
    .map(Number)
    .flatMap((pid) => {
      const identity = processIdentity(pid);
      return identity === undefined || !holds(pid)
        ? []
        : [{ ...identity, program: programOf(pid) }];
    });
}

function programOf(pid: number): string {
  const [command = ''] = (readOrUndefined(`/proc/${pid}/cmdline`) ?? '').split('\0');
  return command.slice(command.lastIndexOf('/') + 1).trimEnd();
}

/** Reads `/proc/PID/stat` by the numbers that its fields have in proc(5); none of a process that is not there. */
export function statFields(pid: number): Readonly<Record<number, string>> {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return {};
  // The second field is the command in parentheses and may itself hold blanks and parentheses.
  const fromThird = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Object.fromEntries(fromThird.map((field, index) => [index + 3, field]));
}

/** Reads a file of a process; those of other users, and of processes that end meanwhile, cannot be read. */
function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
