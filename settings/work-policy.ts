import type { WorkPolicy } from '../domain/work/due-work.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import type { OperatorSettings } from './settings.ts';

/** Returns the policy of this installation. Worker and watcher must agree on it, so both make it here. */
export function workPolicy(
  settings: Pick<OperatorSettings, 'rollOnPlatformSidecarImage'>,
  platform: PlatformSettings,
): WorkPolicy {
  return {
    rollOnPlatformSidecarImage: settings.rollOnPlatformSidecarImage,
    defaultSidecarImage: platform.images.sidecar,
  };
}
