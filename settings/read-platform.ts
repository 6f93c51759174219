import { readFileSync } from 'node:fs';

import type { ImagePolicy } from '../domain/node/image-policy.ts';
import { imageRefusal } from '../domain/node/image-policy.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import { readImagePolicy } from './image-policy.ts';
import { readPlatformSettings } from './read-platform-settings.ts';
import { asUserError, UserError } from './user-error.ts';

/**
 * Reads the decisions of this installation for all its nodes.
 *
 * @throws {UserError} one that lists every bad or missing key of the platform settings, or every image that
 * its own policy refuses
 */
export function readPlatform(): PlatformSettings {
  const platform = asUserError(() =>
    readPlatformSettings(process.env, (path) => readFileSync(path, 'utf8')),
  );
  const imagePolicy = readImagePolicy(process.env);
  assertAllowed(platform.images, imagePolicy);
  return { ...platform, imagePolicy };
}

/** Checks the images of the installation: they run beside the keys of every validator, as the images of a spec do. */
function assertAllowed(images: PlatformSettings['images'], policy: ImagePolicy): void {
  const problems = Object.entries(images).flatMap(([name, image]) => {
    const refusal = imageRefusal(image, policy);
    return refusal === undefined
      ? []
      : [`  ${name} image ${image}: ${refusal.reason}; ${refusal.remedy}`];
  });
  if (problems.length > 0) {
    throw new UserError(
      `the platform settings name images that may not run:\n${problems.join('\n')}`,
    );
  }
}
