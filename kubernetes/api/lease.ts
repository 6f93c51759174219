import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { fieldsOf, identityOf, textOf } from '../../domain/node/raw-object.ts';
import type { KubernetesConnection } from './client.ts';
import { isNotFound } from './errors.ts';
import { LEASES, listPath, objectPath } from './resource.ts';

/** The spec of a Lease, by the names of coordination.k8s.io/v1. */
export interface LeaseRecord {
  /** Empty for a Lease that was released. */
  readonly holderIdentity: string;
  readonly leaseDurationSeconds: number;
  /** RFC 3339 with microseconds, on the clock of the holder. For people: no decision uses it. */
  readonly acquireTime: string;
  readonly renewTime: string;
  /** The number of times that it has changed hands. */
  readonly leaseTransitions: number;
}

export interface Lease {
  readonly resourceVersion: string;
  readonly record: LeaseRecord;
}

/** One Lease. Every call is one request, and throws an error that `errors.ts` classifies. */
export interface LeaseApi {
  /** The name of the Lease, for people. */
  readonly key: ObjectKey;
  /** Undefined when the Lease is not there. */
  get(signal: AbortSignal): Promise<Lease | undefined>;
  create(record: LeaseRecord, signal: AbortSignal): Promise<Lease>;
  /** Refused with a conflict when the Lease is no longer at this version. */
  update(resourceVersion: string, record: LeaseRecord, signal: AbortSignal): Promise<Lease>;
}

/** Creates the API of one Lease. It needs the verbs get, create and patch. */
export function createLeaseApi(
  connection: Pick<KubernetesConnection, 'send'>,
  key: ObjectKey,
): LeaseApi {
  const path = objectPath(LEASES, key);
  return {
    key,
    get: async (signal) => {
      try {
        return leaseOf(await connection.send({ method: 'GET', path, signal }));
      } catch (err) {
        if (isNotFound(err)) return undefined;
        throw err;
      }
    },
    create: async (record, signal) => {
      const { namespace, name } = key;
      const body = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { namespace, name },
        spec: record,
      };
      const collection = listPath(LEASES, namespace);
      return leaseOf(await connection.send({ method: 'POST', path: collection, body, signal }));
    },
    update: async (resourceVersion, record, signal) =>
      leaseOf(
        await connection.send({
          method: 'PATCH',
          path,
          contentType: 'application/merge-patch+json',
          body: { metadata: { resourceVersion }, spec: record },
          signal,
        }),
      ),
  };
}

/** Reads a Lease; missing fields read as a Lease that nobody holds. */
function leaseOf(object: unknown): Lease {
  const resourceVersion = identityOf(object)?.resourceVersion;
  if (resourceVersion === undefined) throw new Error('the API server answered with no Lease');
  const spec = fieldsOf(fieldsOf(object)['spec']);
  return {
    resourceVersion,
    record: {
      holderIdentity: textOf(spec['holderIdentity']),
      leaseDurationSeconds: countOf(spec['leaseDurationSeconds']),
      acquireTime: textOf(spec['acquireTime']),
      renewTime: textOf(spec['renewTime']),
      leaseTransitions: countOf(spec['leaseTransitions']),
    },
  };
}

function countOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
