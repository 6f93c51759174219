import { join } from 'node:path';

import { cacheDirectory } from '../cache-directory.ts';
import type { Platform, Tool } from './tool.ts';

/** Returns the path at which the cache has the program of a tool, or will have it. */
export function cachedPath(
  tool: Pick<Tool, 'name' | 'version'>,
  { os, arch }: Platform,
  env: NodeJS.ProcessEnv,
): string {
  return join(cacheDirectory(env), tool.name, tool.version, `${os}-${arch}`, tool.name);
}

/** The folder of unfinished downloads and builds; on the file system of the cache, so that a rename completes them. */
export function draftsDirectory(env: NodeJS.ProcessEnv): string {
  return join(cacheDirectory(env), 'drafts');
}
