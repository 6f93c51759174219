import type {
  ExclusiveMount,
  MountLease,
  MountUser,
} from '../../domain/mounts/exclusive-mounts.ts';
import {
  exclusiveMounts,
  holderState,
  inUseStall,
  otherUser,
} from '../../domain/mounts/exclusive-mounts.ts';
import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { nodeOfOwnClaim } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { Stall } from '../../domain/node/stall.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../kubernetes/api/errors.ts';
import { leaseKey, mountLeaseFor } from '../../manifests/mount-lease.ts';
import type { ActivityDeps } from '../deps.ts';

type Deps = Pick<ActivityDeps, 'api'>;

/** The reason why a node may not have its pod: another node has what the pod would mount. */
export interface MountConflict {
  readonly stall: Stall;
  /** The SeiNode that has the mount. */
  readonly holder: ObjectKey;
}

/**
 * Makes sure by live reads, before a pod is made for the node, that the node alone may mount its keys and the claim
 * that it imports. Before a node takes a Lease it checks that no foreign pod mounts the object, or will: pods of an
 * earlier version, and of another operator, have no Lease. From then on no other node starts such a pod, because the
 * API server creates only one Lease of a name. So of two nodes that begin at the same time one gets it.
 *
 * Safe to repeat: the node keeps what it holds.
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
    // A node without a pod needs none of its Leases, and another node may be waiting for one.
    const hasUser = users.some((user) => user.node === node.metadata.name);
    if (!hasUser) await releaseMountLeases({ api }, node);
    return conflict;
  }
  return undefined;
}

/**
 * Finds the owner of the claim among nodes that have run: such a node has its own claim without a Lease, paused or not,
 * whoever owns the claim by now. A node that has not run yet adopts its claim only after it has looked for nodes that
 * import it.
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
 * Lets others mount what the node had mounted, once no pod of it is left.
 *
 * Safe to repeat: each Lease is deleted by UID and resourceVersion, and one that is gone counts as released.
 */
export async function releaseMountLeases({ api }: Deps, node: SeiNode): Promise<void> {
  // A spec never loses a key or an import.
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
  // The node of the Lease may have gone only now, and have left a pod: whoever takes the Lease looks first.
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
    // Another node has released it, or taken it over, meanwhile.
    if (!isNotFound(err) && !isConflict(err)) throw err;
  }
}
