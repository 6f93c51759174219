import type { WatchHealth } from './shared-cache.ts';

/** As messages name it. */
export function nameOfWatch({ resource, namespace }: WatchHealth): string {
  return namespace === undefined ? resource : `${resource} in ${namespace}`;
}
