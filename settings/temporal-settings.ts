import type { ClientConnectConfig } from '@temporalio/envconfig';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import { shownValue } from '../domain/text/shown-value.ts';
import { syntaxFault } from '../domain/text/syntax-fault.ts';
import { withoutEmpty } from './environment.ts';
import { fileFault } from './file-fault.ts';
import { withCredentialFiles } from './temporal-credentials.ts';
import { UserError } from './user-error.ts';

/** The address of Temporal and the way to connect: TLS, API key. */
export type TemporalAddress = ClientConnectConfig['connectionOptions'] & {
  readonly address: string;
};

export interface TemporalSettings {
  readonly connection: TemporalAddress;
  readonly namespace: string;
}

/**
 * Reads the way to Temporal from TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_* and the
 * profiles of a temporal.toml, as every Temporal tool does, and from the files of SEINODE_TEMPORAL_CREDENTIALS.
 */
export function readTemporalSettings(): TemporalSettings {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: withCredentialFiles(withoutEmpty(process.env)),
    });
    const address = connectionOptions.address ?? 'localhost:7233';
    assertNoUserInfo(address);
    assertHeaders(connectionOptions);
    return { connection: { ...connectionOptions, address }, namespace: namespace ?? 'default' };
  } catch (err) {
    const where = 'bad Temporal settings (TEMPORAL_* variables or temporal.toml)';
    const fault = syntaxFault(err);
    if (fault !== undefined) throw new UserError(`${where}: temporal.toml is not TOML: ${fault}`);
    const said = fileFault(err) ?? withoutProfile((err as Error).message);
    // No cause: its stack would begin with the message that is not fit to be shown.
    throw new UserError(`${where}: ${said}`);
  }
}

function withoutProfile(message: string): string {
  const profile = process.env['TEMPORAL_PROFILE'] ?? '';
  return profile === '' ? message : message.replaceAll(profile, shownValue(profile));
}

/** Refuses a user in the address, since messages and logs name it. */
function assertNoUserInfo(address: string): void {
  if (/[@/]/.test(address)) {
    throw new Error('TEMPORAL_ADDRESS, or address, must be HOST:PORT, without a user or a scheme');
  }
}

/** Refuses a bad header here: the library that would find it later puts the whole value into its error. */
function assertHeaders({ apiKey, metadata }: ClientConnectConfig['connectionOptions']): void {
  if (typeof apiKey === 'string' && !HEADER.test(apiKey)) {
    throw new Error(
      'TEMPORAL_API_KEY, or api_key, has a character that a header cannot carry, such as a line end',
    );
  }
  for (const [name, value] of Object.entries(metadata ?? {})) {
    if (typeof value === 'string' && !HEADER.test(value)) {
      throw new Error(`grpc_meta ${name} has a character that a header cannot carry`);
    }
  }
}

const HEADER = /^[\x20-\x7E]*$/;
