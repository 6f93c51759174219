import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { keyOf } from '../../domain/node/node-ref.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import type { LeaseRecord } from '../../kubernetes/api/lease.ts';
import { createLeaseApi } from '../../kubernetes/api/lease.ts';
import { parseEnvironment } from '../../settings/environment.ts';
import { leaseVariables } from '../../settings/lease-settings.ts';
import type { DoctorCheck } from '../node/doctor-check.ts';
import { fail, ok, warn } from '../node/doctor-check.ts';
import { age } from '../screens/duration.ts';
import { explainError } from '../shell/explain-error.ts';
import type { Session } from '../shell/session.ts';

const CHECK = 'watcher';

/** The namespace of deploy/overlays/cluster-wide and separate; the other overlay is at home in its one namespace. */
const INSTALLED_IN = 'seinode-system';

/** The clocks of a watcher's machine and of this one may differ by this much. */
const CLOCK_SLACK_SECONDS = 30;

/** Checks that a watcher holds the Lease by which watchers elect the one that starts runs. */
export async function checkWatcher({
  kubernetes,
  namespace,
  env,
  interrupted,
  now,
}: WatcherSession): Promise<DoctorCheck> {
  try {
    const places = leasesOf(env, namespace);
    for (const key of places) {
      const lease = await createLeaseApi(kubernetes, key).get(interrupted);
      if (lease !== undefined) return verdictOnLease(key, lease.record, now());
    }
    return notFound(places);
  } catch (err) {
    const { message } = explainError(err, kubernetes.server);
    return warn(CHECK, `unknown: ${message}`, 'to check it, ask for the right to get its Lease');
  }
}

type WatcherSession = Pick<Session, 'namespace' | 'env' | 'interrupted' | 'now'> & {
  readonly kubernetes: Pick<KubernetesConnection, 'send' | 'server'>;
};

/** Lists where the Lease may be: where the settings have it, else where the installations of deploy/ do. */
function leasesOf(env: Session['env'], namespace: string): readonly ObjectKey[] {
  const { SEINODE_LEASE_NAME: name, ...values } = parseEnvironment(leaseVariables, env);
  const said = values.SEINODE_LEASE_NAMESPACE ?? values.POD_NAMESPACE;
  const namespaces = said === undefined ? [namespace, INSTALLED_IN] : [said];
  return [...new Set(namespaces)].map((each) => ({ namespace: each, name }));
}

/** Decides from a Lease how the watchers are. */
export function verdictOnLease(key: ObjectKey, record: LeaseRecord, now: Date): DoctorCheck {
  const { holderIdentity, renewTime, leaseDurationSeconds } = record;
  const lease = `Lease ${keyOf(key)}`;
  const start = `start a watcher, or find out why those in namespace ${key.namespace} do not run`;
  if (holderIdentity === '') return fail(CHECK, `no watcher holds ${lease}`, start);
  const renewed = `renewed ${age(renewTime, now)} ago`;
  const silentMs = now.getTime() - Date.parse(renewTime);
  // A time that cannot be parsed counts as none.
  const isFresh = silentMs <= (leaseDurationSeconds + CLOCK_SLACK_SECONDS) * 1_000;
  if (isFresh) return ok(CHECK, `${holderIdentity} holds ${lease}, ${renewed}`);
  return fail(
    CHECK,
    `${holderIdentity} held ${lease}, ${renewed}, and no other has taken it`,
    start,
  );
}

/** Warns only: a watcher without an election leaves no trace here, so there may well be one. */
function notFound(places: readonly ObjectKey[]): DoctorCheck {
  return warn(
    CHECK,
    `unknown: there is no Lease ${places.map(keyOf).join(' or ')}`,
    'watchers with SEINODE_LEADER_ELECTION=true have one; set SEINODE_LEASE_NAMESPACE to its namespace',
  );
}
