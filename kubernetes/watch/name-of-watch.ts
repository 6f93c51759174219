import type { WatchHealth } from './shared-cache.ts';

/** Names a watch in messages. */
export function nameOfWatch({ resource, namespace }: WatchHealth): string {
  return namespace === undefined ? resource : `${resource} in ${namespace}`;
}
