import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import { z } from 'zod';

import type { Environment } from './environment.ts';
import { parseEnvironment } from './environment.ts';
import { UserError } from './user-error.ts';

/** The election that a watcher takes part in. */
export interface LeaseSettings {
  /** The namespace of the Lease. */
  readonly namespace: string;
  readonly name: string;
  /** Names this process among the candidates. */
  readonly identity: string;
}

const objectName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and -');

/** Descriptions go into docs/configuration.md, which is generated from them. */
export const leaseVariables = z.object({
  SEINODE_LEADER_ELECTION: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Makes the watchers elect one that reports.'),
  SEINODE_LEASE_NAME: objectName
    .default('seinode-watcher')
    .describe('Name of the Lease; watchers of other namespaces or clusters need another.'),
  SEINODE_LEASE_NAMESPACE: objectName
    .optional()
    .describe('Namespace of the Lease. By default `POD_NAMESPACE`; one of the two is required.'),
  // These two come from the downward API in a pod.
  POD_NAMESPACE: objectName.optional().describe('Namespace of the pod, from the downward API.'),
  POD_NAME: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The candidate's name, by which `kubectl get lease` shows who leads; from the downward API. By default the host's name and a random part.",
    ),
});

/**
 * Returns the settings of the election; undefined if there is none, which is the default.
 *
 * @throws {UserError} for bad variables, and if none says where the Lease is
 */
export function readLeaseSettings(env: Environment): LeaseSettings | undefined {
  if (env['SEINODE_LEADER_ELECTION'] === undefined) return undefined;
  const values = parseEnvironment(leaseVariables, env);
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
    // A pod's name is unique. Outside a pod two processes may share a host.
    identity: values.POD_NAME ?? `${hostname()}_${randomBytes(4).toString('hex')}`,
  };
}
