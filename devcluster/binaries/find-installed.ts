import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

import { cachedPath } from './binary-cache.ts';
import { installedVersion } from './installed-version.ts';
import type { EnvironmentSource, Platform, Tool } from './tool.ts';
import { isInRange } from './version.ts';

/**
 * Looks for a tool that this machine already has: named by the environment, on PATH, in the cache.
 *
 * @param onSkip called with the reason why a tool that was found is not used
 * @returns undefined when it must be fetched or built
 * @throws when a variable of the project's own names something that cannot be executed: whoever set it would not want
 *   another program in its place
 */
export async function findInstalled(
  tool: Tool,
  platform: Platform,
  env: NodeJS.ProcessEnv,
  onSkip: (reason: string) => void,
): Promise<string | undefined> {
  for (const source of tool.environment) {
    const path = await fromEnvironment(tool, source, env, onSkip);
    if (path !== undefined) return path;
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, tool.name);
    if ((await isExecutable(path)) && (await isGoodEnough(tool, path))) return path;
  }
  const cached = cachedPath(tool, platform, env);
  return (await isExecutable(cached)) ? cached : undefined;
}

async function fromEnvironment(
  tool: Tool,
  source: EnvironmentSource,
  env: NodeJS.ProcessEnv,
  onSkip: (reason: string) => void,
): Promise<string | undefined> {
  const value = env[source.variable];
  if (value === undefined || value === '') return undefined;
  const path = resolve(source.holds === 'folder' ? join(value, tool.name) : value);
  const executable = await isExecutable(path);
  if (source.owner === 'project') {
    if (executable) return path;
    throw new Error(`${source.variable}=${value} is not an executable file; correct or unset it`);
  }
  if (executable && (await isGoodEnough(tool, path))) return path;
  const problem = executable
    ? `${path} is not a ${tool.name} from ${tool.accepts.from} up to, not including, ${tool.accepts.below}`
    : `${path} is not an executable file`;
  onSkip(`${source.variable} is ignored for ${tool.name}: ${problem}`);
  return undefined;
}

async function isGoodEnough(tool: Tool, path: string): Promise<boolean> {
  const version = await installedVersion(tool, path);
  return version !== undefined && isInRange(version, tool.accepts);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
