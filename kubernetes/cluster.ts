import type {
  V1ConfigMap,
  V1Lease,
  V1OwnerReference,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';

import type { MountLease, MountUser } from '../domain/mounts/exclusive-mounts.ts';
import type { ObjectKey, ObjectVersion, OwnedNames } from '../domain/node/node-ref.ts';
import type { SeiNodeStatus } from '../domain/node/sei-node-status.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import type { LiveObject } from '../domain/owned/live-object.ts';
import type { FoundKind } from '../domain/owned/owned-object.ts';
import type { EventSubject, ObjectEvent } from '../domain/pod/object-event.ts';
import type { PodView } from '../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../domain/pod/stateful-set-view.ts';

/**
 * The live Kubernetes API: every call is one request, bounded by a time-out, without retries (those are the caller's
 * policy). `get` returns undefined for a missing object; all other calls throw errors that `errors.ts` classifies.
 */
export interface ClusterApi extends NodeApi, OwnedObjectApi, PodApi, MountApi {}

/** The SeiNodes themselves. */
export interface NodeApi {
  getNode(key: ObjectKey): Promise<SeiNode | undefined>;
  /** Lists all SeiNodes of the namespace. */
  listNodes(namespace: string): Promise<readonly SeiNode[]>;
  /**
   * Changes the status from `before.status` to `status`. Refused with a conflict if the node is no longer at `before`'s
   * resourceVersion, so that a decision from an old read is never written.
   */
  patchNodeStatus(before: SeiNode, status: SeiNodeStatus): Promise<SeiNode>;

  /** Replaces the finalizers; refused with a conflict like `patchNodeStatus`. */
  patchNodeFinalizers(before: SeiNode, finalizers: readonly string[]): Promise<SeiNode>;
}

/** The objects of a node, and foreign objects under their names. */
export interface OwnedObjectApi {
  getStatefulSet(key: ObjectKey): Promise<LiveStatefulSet | undefined>;
  /**
   * Server-side apply, forced. With `uid` it is refused with a conflict if the object is missing or is another one of
   * that name; without, it creates a missing one.
   */
  applyStatefulSet(desired: V1StatefulSet, uid: string | undefined): Promise<StatefulSetView>;

  /**
   * Turns the update strategy to OnDelete. An apply cannot: it leaves the live `rollingUpdate` block, which the API
   * server then refuses beside OnDelete.
   */
  turnToOnDelete(statefulSet: ObjectVersion): Promise<void>;
  /** Deletes with UID and resourceVersion preconditions; its pods follow in the background. */
  deleteStatefulSet(statefulSet: ObjectVersion): Promise<void>;

  /** Gets the objects under the node's names, as far as drift is concerned. */
  getOwnedObjects(names: OwnedNames): Promise<OwnedObjects>;

  /**
   * Server-side apply, forced; refused with a conflict if the object is missing or is another one of that name. If
   * ports that others have changed make the API server refuse it, takes them back.
   */
  applyService(desired: V1Service, uid: string): Promise<void>;
  applyConfigMap(desired: V1ConfigMap, uid: string): Promise<void>;
  /**
   * Creates the object with its label `sei.io/node`, owner and selector only, for an apply to fill: a later apply
   * removes only what an apply has written. Refused if one of the name exists.
   *
   * @returns its UID
   */
  createService(desired: V1Service): Promise<string>;
  createConfigMap(desired: V1ConfigMap): Promise<string>;

  /**
   * Gives the object these owners in place of all that it has, and adds these labels. Refused with a conflict unless it
   * is this very object at this version.
   */
  adoptObject(object: FoundVersion, metadata: AdoptedMetadata): Promise<void>;
}

/** The pods of a node, those that use its volume, and Events about objects. */
export interface PodApi {
  /** Lists the pods with label `sei.io/node` = the node's name. */
  listPods(node: ObjectKey): Promise<readonly PodView[]>;
  getPod(key: ObjectKey): Promise<PodView | undefined>;
  /** Lists the pods that use the claim, whoever made them, without those that have ended. */
  listPodsWithClaim(claim: ObjectKey): Promise<readonly PodView[]>;
  /** Asks for the admission of a pod, and makes none. Its name need not be free: the API server looks at that last. */
  dryRunPod(pod: V1Pod): Promise<void>;
  /**
   * Deletes with UID and resourceVersion preconditions.
   *
   * @param graceSeconds replaces the grace that the pod was made with, longer or shorter.
   */
  deletePod(pod: ObjectVersion, graceSeconds: number): Promise<void>;

  /** Lists the Events about exactly this object, without those of another one of its name. */
  listEvents(about: EventSubject): Promise<readonly ObjectEvent[]>;
  /** Creates an Event; succeeds if one exists under `name`. */
  createEvent(event: NewEvent): Promise<void>;
}

/** The objects that pods mount, and the users of those that only one may mount at a time. */
export interface MountApi {
  /** Asks for the metadata alone: the data of the Secret never leaves the API server. */
  getSecretMetadata(key: ObjectKey): Promise<SecretMetadata | undefined>;

  getPersistentVolumeClaim(key: ObjectKey): Promise<V1PersistentVolumeClaim | undefined>;
  createPersistentVolumeClaim(desired: V1PersistentVolumeClaim): Promise<void>;
  /** Deletes with UID and resourceVersion preconditions. */
  deletePersistentVolumeClaim(claim: ObjectVersion): Promise<void>;

  getMountLease(key: ObjectKey): Promise<MountLease | undefined>;
  /** Lists those with label `sei.io/node` = the node's name. */
  listMountLeases(node: ObjectKey): Promise<readonly MountLease[]>;
  /** Refused if one of the name exists: of two that ask at a time, one gets it. */
  createMountLease(desired: V1Lease): Promise<void>;
  /** Deletes with UID and resourceVersion preconditions. */
  deleteMountLease(lease: ObjectVersion): Promise<void>;
  /** Lists the pods and StatefulSets with label `sei.io/node`, of any node of the namespace. */
  listMountUsers(namespace: string): Promise<readonly MountUser[]>;
}

/** One of a node's objects, at one version. */
export interface FoundVersion extends ObjectVersion {
  readonly kind: FoundKind;
}

export interface AdoptedMetadata {
  readonly ownerReferences: readonly V1OwnerReference[];
  readonly labels?: Readonly<Record<string, string>>;
}

export interface SecretMetadata {
  /** RFC 3339; present from the moment somebody deletes it. */
  readonly deletionTimestamp: string | undefined;
}

/** A StatefulSet that was read live, with the pod that its controller would make next. */
export interface LiveStatefulSet extends StatefulSetView {
  readonly nextPod: V1Pod;
}

/** The objects found under those names. */
export interface OwnedObjects {
  readonly statefulSet: LiveObject | undefined;
  readonly service: LiveObject | undefined;
  readonly configMap: LiveObject | undefined;
}

/** An Event to be created. */
export interface NewEvent {
  readonly about: ObjectReference;
  /** Unique per occurrence, and the same when an activity runs twice. */
  readonly name: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly at: string;
}

/** One object of any kind. */
export interface ObjectReference extends ObjectKey {
  readonly apiVersion: string;
  readonly kind: string;
  readonly uid: string;
}

/**
 * The objects as the shared watches saw them last. They lag behind the live API, so they may start a guarded write, but
 * are never the reason to delete or to conclude that there is nothing to do.
 */
export interface ClusterCache {
  node(key: ObjectKey): SeiNode | undefined;
  nodes(): Iterable<SeiNode>;
  statefulSet(key: ObjectKey): StatefulSetView | undefined;
  ownedObjects(names: OwnedNames): OwnedObjects;
  /** Returns the pods with label `sei.io/node` = the node's name. */
  pods(node: ObjectKey): readonly PodView[];
  /**
   * Calls `listener` with the node's key after each change of the node, of one of its objects, or of one of its pods.
   * Returns a function that ends the subscription.
   */
  subscribe(listener: (node: ObjectKey) => void): () => void;
  /** Does the same for one node: changes of others cost such a listener nothing. */
  subscribeTo(node: ObjectKey, listener: () => void): () => void;
  /**
   * Returns whether everything watched of this namespace has been listed: before that, a missing object proves nothing.
   * True for a namespace that is not served: nothing of it will ever come.
   */
  hasSynced(of: Pick<ObjectKey, 'namespace'>): boolean;
  /**
   * Returns the milliseconds since the watch of this namespace that has been silent longest had contact with the API
   * server. A healthy watch has contact at least as often as its bookmarks arrive, about once a minute.
   */
  staleMs(of: Pick<ObjectKey, 'namespace'>): number;
}
