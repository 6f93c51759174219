import { readFileSync } from 'node:fs';

import type { PlatformSettings } from '../manifests/platform-settings.ts';
import { readPlatformSettings } from '../manifests/platform-settings.ts';
import { asUserError } from './user-error.ts';

/** @throws {UserError} one that lists every bad or missing key of the platform settings */
export function readPlatform(): PlatformSettings {
  return asUserError(() => readPlatformSettings(process.env, (path) => readFileSync(path, 'utf8')));
}
