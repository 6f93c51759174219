import type { ExclusiveMount, MountLease, MountUser } from '../domain/exclusive-mounts.ts';
import { exclusiveMounts, holderState, inUseStall, otherUser } from '../domain/exclusive-mounts.ts';
import type { ObjectKey } from '../domain/node-ref.ts';
import { nodeOfOwnClaim } from '../domain/node-ref.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { Stall } from '../domain/stall.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../kubernetes/api/errors.ts';
import { leaseKey, mountLeaseFor } from '../manifests/mount-lease.ts';
import type { ActivityDeps } from './deps.ts';

type Deps = Pick<ActivityDeps, 'api'>;

/** Why a node may not have its pod: another has what that would mount. */
export interface MountConflict {
  readonly stall: Stall;
  /** The SeiNode that has it. */
  readonly holder: ObjectKey;
}

/**
 * Makes sure, live, that the node alone may mount its keys and the claim that it imports, before a pod is
 * made for it. A node that takes a Lease has seen before that nobody else's pod mounts what it is about, nor
 * will: those of an earlier version, and of another operator, have no Lease. From then on nobody else starts
 * one, because the API server creates one Lease of a name. So of two that begin at a time one gets it.
 *
 * Safe to repeat: what the node holds it goes on holding.
 */
export async function takeMountLeases(
  { api }: Deps,
  node: SeiNode,
): Promise<MountConflict | undefined> {
  const wanted = exclusiveMounts(node.spec);
  if (wanted.length === 0) return undefined;
  const leases = await api.listMountLeases(node.metadata);
  const missing = wanted.filter((mount) => !leases.some((lease) => gives(lease, node, mount)));
  if (missing.length === 0) return undefined;
  const users = await api.listMountUsers(node.metadata.namespace);
  for (const mount of missing) {
    const conflict =
      (await conflictAmong({ api }, node, mount, users)) ??
      (await conflictWithOwner({ api }, node, mount)) ??
      (await takeLease({ api }, node, mount));
    if (conflict === undefined) continue;
    // Without a pod it needs none of them, and another may be waiting for one.
    const hasUser = users.some((user) => user.node === node.metadata.name);
    if (!hasUser) await releaseMountLeases({ api }, node);
    return conflict;
  }
  return undefined;
}

/**
 * A node that has run has its own claim without a Lease, paused or not, whoever owns the claim by now. One
 * that has not run yet adopts its claim only after it has looked for who imports it.
 */
async function conflictWithOwner(
  { api }: Deps,
  node: SeiNode,
  mount: ExclusiveMount,
): Promise<MountConflict | undefined> {
  const name = mount.kind === 'PersistentVolumeClaim' ? nodeOfOwnClaim(mount.name) : undefined;
  if (name === undefined || name === node.metadata.name) return undefined;
  const owner = await api.getNode({ namespace: node.metadata.namespace, name });
  if (owner === undefined || owner.spec.dataVolume?.import !== undefined) return undefined;
  const hasRun =
    owner.status?.statefulSet !== undefined || owner.status?.currentImage !== undefined;
  return hasRun ? conflictWith(node, mount, name, owner) : undefined;
}

/**
 * Lets others mount what the node has mounted, once no pod of it is left.
 *
 * Safe to repeat: each Lease is deleted by UID and resourceVersion, and one that is gone is released.
 */
export async function releaseMountLeases({ api }: Deps, node: SeiNode): Promise<void> {
  // Neither a key nor an import is ever taken out of a spec.
  if (exclusiveMounts(node.spec).length === 0) return;
  const leases = await api.listMountLeases(node.metadata);
  const held = leases.filter(({ holder }) => holder?.uid === node.metadata.uid);
  await Promise.all(held.map((lease) => deleteLease({ api }, lease)));
}

function gives({ name, holder }: MountLease, node: SeiNode, mount: ExclusiveMount): boolean {
  return holder?.uid === node.metadata.uid && name === leaseKey(node, mount).name;
}

async function conflictAmong(
  { api }: Deps,
  node: SeiNode,
  mount: ExclusiveMount,
  users: readonly MountUser[],
): Promise<MountConflict | undefined> {
  const other = otherUser(node, mount, users);
  if (other === undefined) return undefined;
  const { namespace } = node.metadata;
  const holder = await api.getNode({ namespace, name: other.node });
  return conflictWith(node, mount, other.node, holder);
}

function conflictWith(
  node: SeiNode,
  mount: ExclusiveMount,
  name: string,
  holder: SeiNode | undefined,
): MountConflict {
  const { namespace } = node.metadata;
  return { stall: inUseStall(mount, name, holderState(holder)), holder: { namespace, name } };
}

async function takeLease(
  { api }: Deps,
  node: SeiNode,
  mount: ExclusiveMount,
): Promise<MountConflict | undefined> {
  const key = leaseKey(node, mount);
  const found = await api.getMountLease(key);
  if (found === undefined) {
    await createLease({ api }, node, mount);
    return undefined;
  }
  const { holder } = found;
  if (holder?.uid === node.metadata.uid) return undefined;
  if (holder !== undefined) {
    const live = await api.getNode({ namespace: key.namespace, name: holder.name });
    if (live?.metadata.uid === holder.uid) return conflictWith(node, mount, holder.name, live);
  }
  await deleteLease({ api }, found);
  // Its node may have gone only now, and have left a pod: who takes the Lease has looked after that.
  throw new Error(`Lease ${key.name} was of a SeiNode that is gone: it is taken next`);
}

async function createLease({ api }: Deps, node: SeiNode, mount: ExclusiveMount): Promise<void> {
  try {
    await api.createMountLease(mountLeaseFor(node, mount));
  } catch (err) {
    if (!isAlreadyExists(err)) throw err;
    const { name } = leaseKey(node, mount);
    throw new Error(`Lease ${name} was taken by another at this moment: it is looked at next`, {
      cause: err,
    });
  }
}

async function deleteLease({ api }: Deps, lease: MountLease): Promise<void> {
  try {
    await api.deleteMountLease(lease);
  } catch (err) {
    // Another has released it, or taken it over, in between.
    if (!isNotFound(err) && !isConflict(err)) throw err;
  }
}
