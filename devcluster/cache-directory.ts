import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The project's folder under the user's cache, shared by every checkout: binaries by tool and
 * version, and the work directories of devcluster instances.
 *
 * A relative `XDG_CACHE_HOME` is ignored, as the XDG base directory specification demands.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(base, 'seinode-operator');
}
