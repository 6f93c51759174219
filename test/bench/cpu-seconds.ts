import { processesOf } from '../../devcluster/instance/instance-processes.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { processCpuSeconds } from './process-cpu.ts';

/** Seconds of a processor by process: worker, watcher, benchmark, and the programs of the devcluster. */
export type CpuSeconds = Readonly<Record<string, number>>;

/** Play the machines, their pods and whoever asks for the rolls: a real cluster has none of them. */
const PLAYED = new Set(['kwok-controller', 'simulated-sidecar', 'benchmark']);

/** Reads what each process of the devcluster, those of the testbed and the benchmark have used since their start. */
export function cpuSecondsOf(bed: Testbed): CpuSeconds {
  const roles = new Map<number, string>(bed.processes().map(({ pid, role }) => [pid, role]));
  const used: Record<string, number> = { benchmark: processCpuSeconds(process.pid) };
  for (const each of processesOf(bed.cluster.name)) {
    const name = roles.get(each.pid) ?? each.program;
    used[name] = (used[name] ?? 0) + processCpuSeconds(each.pid);
  }
  return used;
}

/** Returns the seconds between two readings. Processes that began meanwhile count whole, those that ended not at all. */
export function cpuSpent(before: CpuSeconds, after: CpuSeconds): CpuSeconds {
  return mapped(after, (seconds, name) => Math.max(0, seconds - (before[name] ?? 0)));
}

/** Returns the mean for each roll. */
export function cpuPerRoll(spent: readonly CpuSeconds[], rolls: number): CpuSeconds {
  const sums: Record<string, number> = {};
  for (const [name, seconds] of spent.flatMap((each) => Object.entries(each))) {
    sums[name] = (sums[name] ?? 0) + seconds;
  }
  return mapped(sums, (seconds) => seconds / rolls);
}

/** Sums up what a real cluster would use, too. */
export function cpuTotal(seconds: CpuSeconds): number {
  return Object.entries(seconds)
    .filter(([name]) => !PLAYED.has(name))
    .reduce((sum, [, each]) => sum + each, 0);
}

/** Writes the seconds of each process, the largest first, such as `kube-apiserver 0.16, worker 0.10`. */
export function cpuText(seconds: CpuSeconds): string {
  return Object.entries(seconds)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, each]) => `${name} ${each.toFixed(3)}${PLAYED.has(name) ? ' (not counted)' : ''}`)
    .join(', ');
}

function mapped(seconds: CpuSeconds, value: (seconds: number, name: string) => number): CpuSeconds {
  return Object.fromEntries(
    Object.entries(seconds).map(([name, each]) => [name, value(each, name)]),
  );
}
