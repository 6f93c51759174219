import type { PlatformSettings } from '../manifests/platform-settings.ts';
import { readSettingsEnvironment } from './settings-environment.ts';
import { readSettingsFile } from './settings-file.ts';

/** Names a YAML file that holds the settings; without it they are in the environment. */
const FILE_VARIABLE = 'SEI_CONTROLLER_CONFIG';

/**
 * Reads the settings from one place: the file that SEI_CONTROLLER_CONFIG names, otherwise the environment.
 * Both use the original operator's names, so that an installation carries over as it is. Accepts gateway,
 * result export and state-sync settings, which nothing reads yet.
 *
 * @param readFile returns the text of a file.
 * @throws SettingsError that lists every missing and every bad key.
 */
export function readPlatformSettings(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): PlatformSettings {
  const path = env[FILE_VARIABLE]?.trim() ?? '';
  return path === '' ? readSettingsEnvironment(env) : readSettingsFile(path, readFile);
}
