import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';

import { workflowBundle } from '../../worker/workflow-bundle.ts';
import { ways } from './ways.ts';
import { workflowIdOf } from './workflow-id-of.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.join(here, 'histories');
const recorded = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.json'),
);

async function readHistory(file: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(folder, file), 'utf8'));
}

describe('the workflows of this version', () => {
  let bundle: { readonly code: string };

  beforeAll(async () => {
    bundle = await workflowBundle();
  });

  it.each(recorded)('replay the recorded history %s', async (file) => {
    const history = await readHistory(file);
    const id = workflowIdOf(history);
    const replay = Worker.runReplayHistory({ workflowBundle: bundle }, history, id);
    await expect(replay).resolves.toBeUndefined();
  });

  it('have a recorded history of every scenario', () => {
    const names = recorded.map((file) => path.basename(file, '.json'));
    for (const { name } of ways) expect(names).toContain(name);
  });
});

describe('a workflow that takes other steps', () => {
  it('is rejected by the recorded history of an update', async () => {
    const bundle = await bundleWorkflowCode({
      workflowsPath: path.join(here, 'incompatible-workflows.ts'),
    });
    const update = recorded.find((file) => path.basename(file) === 'update.json') ?? '';
    const replay = Worker.runReplayHistory({ workflowBundle: bundle }, await readHistory(update));
    await expect(replay).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});
