import type { Testbed } from '../support/testbed/testbed.ts';
import type { CpuSeconds } from './cpu-seconds.ts';
import { cpuSecondsOf, cpuSpent } from './cpu-seconds.ts';

/** Some updates of one kind in a row. */
export interface Turn<Value> {
  /** The result of each update that counts. */
  readonly values: readonly Value[];
  /** Of all of those together. */
  readonly cpu: CpuSeconds;
}

export interface TurnLength {
  /** Updates that do not count: they pay for what happens only once, such as compiling in a process that has just started. */
  readonly warmUps: number;
  readonly rounds: number;
}

export async function turnOf<Value>(
  bed: Testbed,
  { warmUps, rounds }: TurnLength,
  update: () => Promise<Value>,
): Promise<Turn<Value>> {
  for (let round = 0; round < warmUps; round += 1) await update();
  const before = cpuSecondsOf(bed);
  const values: Value[] = [];
  for (let round = 0; round < rounds; round += 1) values.push(await update());
  return { values, cpu: cpuSpent(before, cpuSecondsOf(bed)) };
}
