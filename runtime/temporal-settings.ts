import type { ClientConnectConfig } from '@temporalio/envconfig';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import { withoutEmpty } from './environment.ts';
import { UserError } from './user-error.ts';

/** Where Temporal is and how it is spoken to: address, TLS, API key. */
export type TemporalAddress = ClientConnectConfig['connectionOptions'] & {
  readonly address: string;
};

export interface TemporalSettings {
  readonly connection: TemporalAddress;
  readonly namespace: string;
}

/**
 * How to reach Temporal: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_* and
 * the profiles of a temporal.toml, as every Temporal tool reads them.
 */
export function readTemporalSettings(): TemporalSettings {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: withoutEmpty(process.env),
    });
    return {
      connection: { ...connectionOptions, address: connectionOptions.address ?? 'localhost:7233' },
      namespace: namespace ?? 'default',
    };
  } catch (err) {
    throw new UserError(
      `bad Temporal settings (TEMPORAL_* variables or temporal.toml): ${(err as Error).message}`,
      { cause: err },
    );
  }
}
