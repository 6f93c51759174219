import type { TestProject } from 'vitest/node';

import { ensureBinaries } from '../../../devcluster/binaries/ensure-binaries.ts';
import { progressOn } from '../../../devcluster/progress.ts';
import { startLocalTemporal } from '../servers/local-temporal.ts';
import './temporal.ts';

/** Starts one Temporal dev server for all files of the project `workflows`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { temporal } = await ensureBinaries({ progress: progressOn(process.stderr) });
  const environment = await startLocalTemporal(temporal);
  project.provide('temporal', {
    address: environment.address,
    namespace: environment.namespace ?? 'default',
  });
  return () => environment.teardown();
}
