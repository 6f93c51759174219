import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Logger as TemporalLogger } from '@temporalio/worker';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const sources = ['workflows', 'domain'];

/**
 * The workflow bundle, built once for each state of the sources: bundling takes seconds, and a test
 * run starts many workers. A bundle must come from the very SDK version of the worker, so the version
 * is part of its key.
 */
export async function workflowBundle(logger?: TemporalLogger): Promise<{ readonly code: string }> {
  const cacheFolder = path.join(root, 'node_modules', '.cache', 'workflow-bundle');
  const cached = path.join(cacheFolder, `${await bundleKey()}.js`);
  const found = await readFile(cached, 'utf8').catch(() => undefined);
  if (found !== undefined) return { code: found };
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, 'workflows', 'index.ts'),
    ...(logger !== undefined && { logger }),
  });
  await mkdir(cacheFolder, { recursive: true });
  // Renamed into place, so that a worker which starts meanwhile never reads half a bundle.
  const unfinished = `${cached}.${randomUUID()}`;
  await writeFile(unfinished, code);
  await rename(unfinished, cached);
  return { code };
}

async function bundleKey(): Promise<string> {
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as {
    version: string;
  };
  const hash = createHash('sha256').update(version);
  for (const folder of sources) {
    const files = (await readdir(path.join(root, folder))).filter((file) => file.endsWith('.ts'));
    for (const file of files.toSorted()) {
      hash.update(file).update(await readFile(path.join(root, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
