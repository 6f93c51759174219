import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';

import { workflowBundle } from '../../worker/workflow-bundle.ts';
import { workflowIdOf } from './workflow-id-of.ts';

const folder = path.join(import.meta.dirname, 'histories');
const recorded = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.json'),
);

/** Turning traces on, or off, must not stick the runs that are open. */
describe('the workflows with tracing', () => {
  let bundle: { readonly code: string };

  beforeAll(async () => {
    bundle = await workflowBundle({ traced: true });
  });

  it.each(recorded)('replay the history %s, which was recorded without', async (file) => {
    const history: unknown = JSON.parse(await readFile(path.join(folder, file), 'utf8'));
    const id = workflowIdOf(history);
    const replay = Worker.runReplayHistory({ workflowBundle: bundle }, history, id);
    await expect(replay).resolves.toBeUndefined();
  });
});
