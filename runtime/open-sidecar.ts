import type { SidecarClient } from '../sidecar/sidecar-client.ts';
import { createSidecarClient } from '../sidecar/sidecar-client.ts';
import type { OperatorSettings } from './settings.ts';
import { asUserError } from './user-error.ts';

/** @throws {UserError} when the address template cannot work for any node */
export function openSidecar(
  settings: Pick<OperatorSettings, 'sidecarUrl' | 'sidecarTokenFile'>,
): SidecarClient {
  return asUserError(() =>
    createSidecarClient({
      addressTemplate: settings.sidecarUrl,
      tokenFile: settings.sidecarTokenFile,
    }),
  );
}
