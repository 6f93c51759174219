import { readFileSync } from 'node:fs';

import type { PlatformSettings } from '../manifests/platform-settings.ts';
import { readPlatformSettings } from '../manifests/platform-settings.ts';
import { readImagePolicy } from './image-policy.ts';
import { asUserError } from './user-error.ts';

/**
 * What this installation decides for all its nodes.
 *
 * @throws {UserError} one that lists every bad or missing key of the platform settings
 */
export function readPlatform(): PlatformSettings {
  const platform = asUserError(() =>
    readPlatformSettings(process.env, (path) => readFileSync(path, 'utf8')),
  );
  return { ...platform, imagePolicy: readImagePolicy(process.env) };
}
