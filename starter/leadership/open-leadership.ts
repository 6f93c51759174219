import type { Logger } from '../../domain/logger.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { createLeaseApi } from '../../kubernetes/api/lease.ts';
import type { LeaseSettings } from '../../settings/lease-settings.ts';
import { startElection } from './election.ts';
import type { Lead, Leadership } from './leadership.ts';

/** Leads at once and for good if there is no election, else whenever this process is elected. */
export function openLeadership(options: {
  readonly election: LeaseSettings | undefined;
  readonly connection: KubernetesConnection;
  readonly lead: Lead;
  readonly logger: Logger;
}): Leadership {
  const { election, connection, lead, logger } = options;
  if (election === undefined) return leadAlone(lead);
  const { namespace, name, identity } = election;
  const leases = createLeaseApi(connection, { namespace, name });
  return startElection({ leases, identity, lead, logger });
}

function leadAlone(lead: Lead): Leadership {
  let end: ReturnType<Lead> | undefined = lead();
  return {
    isLeading: () => end !== undefined,
    stop: async () => {
      const ended = end?.();
      end = undefined;
      await ended;
    },
  };
}
