import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Returns the project's folder under the user's cache, which every checkout shares: it has the binaries by tool and
 * version, and the work directories of devcluster instances.
 *
 * Ignores a relative `XDG_CACHE_HOME`, as the XDG base directory specification demands.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(base, 'seinode-operator');
}
