import type { OperatorSettings } from '../settings/settings.ts';
import { asUserError } from '../settings/user-error.ts';
import type { SidecarClient } from '../sidecar/sidecar-client.ts';
import { createSidecarClient } from '../sidecar/sidecar-client.ts';
import type { SidecarTokens } from '../sidecar/sidecar-tokens.ts';

/**
 * Returns the client for sidecars of this installation.
 *
 * @param tokens for all calls but healthz; undefined to send none
 * @throws {UserError} if the address template cannot work for any node
 */
export function openSidecar(
  settings: Pick<OperatorSettings, 'sidecarUrl'>,
  tokens?: SidecarTokens,
): SidecarClient {
  return asUserError(() => createSidecarClient({ addressTemplate: settings.sidecarUrl, tokens }));
}
