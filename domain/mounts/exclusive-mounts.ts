/** Mounts that no two pods may have at a time: a key that signs, or a volume that is written to. */
import { assertNever } from '../assert-never.ts';
import type { ObjectKey } from '../node/node-ref.ts';
import type { SeiNode, SeiNodeSpec } from '../node/sei-node.ts';
import type { Stall } from '../node/stall.ts';
import { keyMounts } from './mounts.ts';

export interface ExclusiveMount {
  readonly kind: 'Secret' | 'PersistentVolumeClaim';
  readonly name: string;
  /** The field of the spec that names it. */
  readonly field: string;
}

/** A Lease that gives one node alone the right to mount something. */
export interface MountLease extends ObjectKey {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Undefined if the operator did not write the holder. */
  readonly holder: LeaseHolder | undefined;
}

/** A SeiNode of the Lease's namespace. */
export interface LeaseHolder {
  readonly name: string;
  readonly uid: string;
}

/**
 * Returns the holder as the Lease names it. The UID is part of it: a backup tool that restores the Lease
 * may leave out its owner, and another SeiNode may have the name by then.
 */
export function holderIdentity({ name, uid }: LeaseHolder): string {
  return `${name}/${uid}`;
}

/** Returns the holder that such an identity names; undefined for an identity that the operator did not write. */
export function leaseHolder(identity: string): LeaseHolder | undefined {
  const [name, uid, ...more] = identity.split('/');
  return name && uid && more.length === 0 ? { name, uid } : undefined;
}

/** A pod of a SeiNode that has not ended, or a StatefulSet that may make one at any time. */
export interface MountUser {
  /** The value of label `sei.io/node`. */
  readonly node: string;
  readonly secrets: readonly string[];
  readonly claims: readonly string[];
}

/**
 * Returns the mounts sorted, so that two nodes that want the same ones ask for them in the same order, and
 * one of them gets all.
 *
 * Leaves out the claim that the operator makes for a node, because that one node controls it, and the
 * passphrase of a keyring, which opens nothing without the keyring.
 */
export function exclusiveMounts(spec: SeiNodeSpec): readonly ExclusiveMount[] {
  const imported = spec.dataVolume?.import?.pvcName;
  const all = [
    ...keyMounts(spec).map(({ key }): ExclusiveMount => ({ kind: 'Secret', ...key })),
    ...(imported === undefined ? [] : [importMount(imported)]),
  ];
  const byName = new Map(all.map((mount) => [nameOf(mount), mount]));
  return [...byName.values()].toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function importMount(name: string): ExclusiveMount {
  return { kind: 'PersistentVolumeClaim', name, field: 'spec.dataVolume.import.pvcName' };
}

/** Returns the name that people and Leases use: `Secret validator-0-key`. */
export function nameOf({ kind, name }: Pick<ExclusiveMount, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

function mounts(user: MountUser, { kind, name }: ExclusiveMount): boolean {
  return (kind === 'Secret' ? user.secrets : user.claims).includes(name);
}

/** Returns another node whose pods mount it, or will. */
export function otherUser(
  { metadata }: Pick<SeiNode, 'metadata'>,
  mount: ExclusiveMount,
  users: readonly MountUser[],
): MountUser | undefined {
  return users.find((user) => user.node !== metadata.name && mounts(user, mount));
}

/** The future of a node that has a mount which another node wants. */
export type HolderState = 'stays' | 'ends' | 'gone';

/**
 * Returns the future of the node that holds a mount.
 *
 * @param holder as read live; undefined if only some of its objects are left.
 */
export function holderState(
  holder: Pick<SeiNode, 'metadata' | 'spec' | 'status'> | undefined,
): HolderState {
  if (holder === undefined) return 'gone';
  const { metadata, spec, status } = holder;
  if (metadata.deletionTimestamp !== undefined) return 'ends';
  const mayPause = status?.phase !== 'Failed' && status?.hold === undefined;
  return spec.paused === true && mayPause ? 'ends' : 'stays';
}

/**
 * Returns the stall of a node whose mount another node holds.
 *
 * @param holder the name of the SeiNode that has it.
 */
export function inUseStall(mount: ExclusiveMount, holder: string, state: HolderState): Stall {
  const who = `${nameOf(mount)} (${mount.field}) is in use by SeiNode ${holder}, and two pods must not have it at a time`;
  const message = `${who}: ${remedyFor(mount, holder, state)}; no pod of this node is made or let through before`;
  return { reason: 'IdentityInUse', message };
}

function remedyFor({ kind }: ExclusiveMount, holder: string, state: HolderState): string {
  switch (state) {
    case 'stays':
      return `delete that node, or set its spec.paused if it runs (\`seinode pause\` only holds it, and frees nothing), or delete this node and create it with another ${kind}`;
    case 'ends':
      return 'that node is on its way down, and this one comes up once its last pod has ended';
    case 'gone':
      return `there is no such SeiNode any more, but a StatefulSet or a pod with label sei.io/node=${holder} is left: delete that`;
    default:
      return assertNever(state);
  }
}
