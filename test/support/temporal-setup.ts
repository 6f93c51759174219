import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { TestProject } from 'vitest/node';

import { ensureBinaries } from '../../devcluster/binaries/ensure-binaries.ts';
import { progressOn } from '../../devcluster/progress.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attribute.ts';
import './temporal.ts';

/** Those of devcluster/instance/temporal-server.ts: what is tested runs as it does there. */
const DYNAMIC_CONFIG = [
  'system.enableActivityEagerExecution=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];

/** One Temporal dev server for all files of the project `workflows`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { temporal } = await ensureBinaries({ progress: progressOn(process.stderr) });
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: temporal },
      ip: '127.0.0.1',
      searchAttributes: Object.values(SEARCH_ATTRIBUTES).map((name) =>
        defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
      ),
      extraArgs: DYNAMIC_CONFIG.flatMap((value) => ['--dynamic-config-value', value]),
    },
  });
  project.provide('temporal', {
    address: environment.address,
    namespace: environment.namespace ?? 'default',
  });
  return () => environment.teardown();
}
