import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import { z } from 'zod';

import type { Environment } from './environment.ts';
import { parseEnvironment } from './environment.ts';
import { UserError } from './user-error.ts';

/** The election that a watcher takes part in. */
export interface LeaseSettings {
  /** Where the Lease is. */
  readonly namespace: string;
  readonly name: string;
  /** Names this process among the candidates. */
  readonly identity: string;
}

const objectName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and -');

const environment = z.object({
  SEINODE_LEADER_ELECTION: z.enum(['true', 'false']).default('false'),
  SEINODE_LEASE_NAME: objectName.default('seinode-watcher'),
  SEINODE_LEASE_NAMESPACE: objectName.optional(),
  // These two come from the downward API in a pod.
  POD_NAMESPACE: objectName.optional(),
  POD_NAME: z.string().min(1).optional(),
});

/**
 * Undefined where there is no election, which is the default.
 *
 * @throws {UserError} for bad variables, and when it is not said where the Lease is
 */
export function readLeaseSettings(env: Environment): LeaseSettings | undefined {
  if (env['SEINODE_LEADER_ELECTION'] === undefined) return undefined;
  const values = parseEnvironment(environment, env);
  if (values.SEINODE_LEADER_ELECTION === 'false') return undefined;
  const namespace = values.SEINODE_LEASE_NAMESPACE ?? values.POD_NAMESPACE;
  if (namespace === undefined) {
    throw new UserError(
      'SEINODE_LEADER_ELECTION=true needs a namespace for its Lease: set SEINODE_LEASE_NAMESPACE, or POD_NAMESPACE from the downward API',
    );
  }
  return {
    namespace,
    name: values.SEINODE_LEASE_NAME,
    // A pod's name is its own. Outside a pod two processes may share a host.
    identity: values.POD_NAME ?? `${hostname()}_${randomBytes(4).toString('hex')}`,
  };
}
