import type { TestProject } from 'vitest/node';

import { ensureBinaries } from '../../../devcluster/binaries/ensure-binaries.ts';
import { progressOn } from '../../../devcluster/progress.ts';
import { installCrd } from './install-crd.ts';
import './devcluster.ts';
import { installShippedRights } from './shipped-rights.ts';
import { bringUpTraced } from './traced-devcluster.ts';

/**
 * Brings up one devcluster for all files of the project `e2e`, or `e2e-postgres`. Its end fails the run if the operator has broken a rule
 * in any of them.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const progress = progressOn(process.stderr);
  const binaries = await ensureBinaries({ progress });
  const cluster = await bringUpTraced({
    name: `${project.name}-${process.pid}`,
    temporalStore: project.config.provide.temporalServer === 'postgres' ? 'postgres' : 'memory',
    progress,
  });
  await installCrd(cluster);
  await installShippedRights(cluster);
  project.provide('devcluster', { name: cluster.name, binaries });
  return () => cluster.down();
}
