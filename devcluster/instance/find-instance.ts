import { ensureBinaries } from '../binaries/ensure-binaries.ts';
import type { FoundProcess } from '../process-table.ts';
import type { Devcluster } from './devcluster.ts';
import { assertInstanceName } from './instance-name.ts';
import { processesOf } from './instance-processes.ts';
import { instanceNames, readInstanceState } from './instance-state.ts';
import type { InstanceState } from './instance-state.ts';
import { missingPrograms } from './missing-programs.ts';
import { openDevcluster } from './open-devcluster.ts';

export interface InstanceReport {
  readonly state: InstanceState;
  readonly processes: readonly FoundProcess[];
  /** Programs that should run and do not. */
  readonly missing: readonly string[];
}

/** Opens an instance that another process brought up; undefined if there is none of that name. */
export async function findDevcluster(name: string): Promise<Devcluster | undefined> {
  assertInstanceName(name);
  const state = readInstanceState(name);
  if (state === undefined || state.phase === 'starting') return undefined;
  return openDevcluster(state, await ensureBinaries());
}

/** @returns undefined if there is no instance of that name */
export function reportOn(name: string): InstanceReport | undefined {
  assertInstanceName(name);
  const state = readInstanceState(name);
  if (state === undefined) return undefined;
  return { state, processes: processesOf(name), missing: missingPrograms(state) };
}

export function reportOnAll(): InstanceReport[] {
  return instanceNames().flatMap((name) => reportOn(name) ?? []);
}
