import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { onProcessEnd } from '../on-process-end.ts';
import { cachedPath, draftsDirectory } from './binary-cache.ts';
import { endOrphanedBuilds } from './build-tool.ts';
import { fetchOrBuild } from './fetch-or-build.ts';
import type { Sources } from './fetch-or-build.ts';
import type { Tool } from './tool.ts';

/**
 * Puts tools into the cache, one after another: a build takes several gigabytes of memory. The caller holds the lock of
 * the cache.
 *
 * @throws when a tool can neither be downloaded nor built, with what a person can do
 */
export async function installTools(tools: readonly Tool[], sources: Sources): Promise<void> {
  const drafts = draftsDirectory(sources.env);
  const clear = (): void => rmSync(drafts, { recursive: true, force: true });
  // A process that was killed left these: under the lock nobody else works there.
  endOrphanedBuilds(sources.env);
  clear();
  const forget = onProcessEnd(clear);
  try {
    await mkdir(drafts, { recursive: true });
    const get = fetchOrBuild(sources);
    for (const [index, tool] of tools.entries()) {
      const draft = await mkdtemp(join(drafts, `${tool.name}-`));
      const program = await get(tool, draft, `[${index + 1}/${tools.length}]`);
      await install(program, cachedPath(tool, sources.platform, sources.env));
      await rm(draft, { recursive: true, force: true });
    }
  } finally {
    forget();
    clear();
  }
}

async function install(program: string, target: string): Promise<void> {
  await chmod(program, 0o755);
  const file = await open(program);
  // Without this, a power failure after the rename may leave an empty file under the final name.
  await file.sync();
  await file.close();
  await mkdir(dirname(target), { recursive: true });
  // A program is in the cache if and only if it is complete.
  await rename(program, target);
}
