/**
 * Records the history of each way through the workflows into test/replay/histories/VERSION, where VERSION is the
 * package's: `npm run record-histories`. Histories of released versions are never changed; a change
 * of a workflow adds those of its own version.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { ensureBinaries } from '../../devcluster/binaries/ensure-binaries.ts';
import { runProgram } from '../../devcluster/run-program.ts';
import { startLocalTemporal } from '../support/servers/local-temporal.ts';
import '../support/workflow/quiet-temporal.ts';
import { fakeActivities } from '../support/workflow/fake-activities.ts';
import type { SharedTemporal } from '../support/workflow/temporal.ts';
import { workflowHarness } from '../support/workflow/workflow-harness.ts';
import { smallHistories } from '../workflows/long-histories.ts';
import released from './released.json' with { type: 'json' };
import type { Way } from './ways.ts';
import { ways } from './ways.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'histories', version);

if (Object.hasOwn(released, version)) {
  throw new Error(`${version} is released, its histories stay: raise the version in package.json`);
}

const { temporal } = await ensureBinaries();

/** Records the histories of the whole chain of a way: one for each run. */
async function record(way: Way, server: SharedTemporal): Promise<void> {
  const harness = await workflowHarness(fakeActivities(way.activities()).activities, server);
  try {
    const run = await harness.observe(way.kind);
    await way.meanwhile?.(harness);
    await run.result();
    await write(way.name, server, harness.workflowId, run.signaledRunId);
    const last = await harness.client.workflow.getHandle(harness.workflowId).describe();
    if (last.runId === run.signaledRunId) return;
    await write(`${way.name}-continued`, server, harness.workflowId, last.runId);
  } finally {
    await harness.stop();
  }
}

async function write(
  name: string,
  { address }: SharedTemporal,
  workflowId: string,
  runId: string,
): Promise<void> {
  const history = await runProgram(
    temporal,
    [
      'workflow',
      'show',
      '--address',
      address,
      '--output',
      'json',
      '--workflow-id',
      workflowId,
      '--run-id',
      runId,
    ],
    { env: process.env },
  );
  // What names the process, the machine or its folders does not belong in the repository.
  const anonymous = history
    .replaceAll(/("identity": )"[^"]*"/g, '$1"recorder"')
    .replaceAll(/("stackTrace": )"[^"]*"/g, '$1""');
  await writeFile(path.join(folder, `${name}.json`), anonymous);
}

await mkdir(folder, { recursive: true });
const environment = await startLocalTemporal(temporal);
try {
  const server = { address: environment.address, namespace: environment.namespace ?? 'default' };
  const small = await smallHistories();
  for (const way of ways) {
    await record(way, way.fillsHistory === true ? small : server);
  }
  await small.close();
} finally {
  await environment.teardown();
}
process.exit();
