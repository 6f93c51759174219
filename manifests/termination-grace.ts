import type { SeiNode } from '../domain/node/sei-node.ts';
import type { PlatformSettings } from './platform-settings.ts';

/** Returns the seconds that the node's pod may take to end before it is killed. */
export function terminationGraceSeconds(
  { spec }: Pick<SeiNode, 'spec'>,
  platform: Pick<PlatformSettings, 'terminationGraceSeconds'>,
): number {
  return spec.terminationGracePeriodSeconds ?? platform.terminationGraceSeconds;
}
