import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';

import type { Validity } from '../domain/validity.ts';

export interface CredentialMetrics {
  /** Replaces the credentials that the process holds. */
  holds(validities: readonly Validity[]): void;
}

/** Exports the times between which the credentials of the process are valid. */
export function createCredentialMetrics(registry: Registry): CredentialMetrics {
  let held: readonly Validity[] = [];
  const gauge = (name: string, help: string, dateOf: (validity: Validity) => Date): void => {
    new Gauge({
      name,
      help,
      labelNames: ['credential'],
      registers: [registry],
      collect() {
        this.reset();
        for (const validity of held) {
          this.set({ credential: validity.credential }, dateOf(validity).getTime() / 1_000);
        }
      },
    });
  };
  gauge(
    'seinode_credential_issue_timestamp_seconds',
    'From when on what the process shows Temporal is good.',
    ({ from }) => from,
  );
  gauge(
    'seinode_credential_expiry_timestamp_seconds',
    'Until when what the process shows Temporal is good; none for an API key that does not say it.',
    ({ to }) => to,
  );
  return {
    holds: (validities) => {
      held = validities;
    },
  };
}
