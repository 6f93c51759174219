import type { V1ConfigMap, V1Container, V1Service } from '@kubernetes/client-node';

import type { ObjectKey, ObjectVersion } from '../../../domain/node/node-ref.ts';
import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode, SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import { SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../../domain/pod/stateful-set-view.ts';
import type { ClusterApi, NewEvent } from '../../../kubernetes/cluster.ts';
import { podView } from '../../../kubernetes/views/pod-view.ts';
import { statefulSetView } from '../../../kubernetes/views/stateful-set-view.ts';
import { Admission } from './admission.ts';
import { deletePod, deleteStatefulSet, fakeApi, podsOf } from './fake-api.ts';
import { FakeCache } from './fake-cache.ts';
import { collectGarbage, FOREGROUND_DELETION } from './garbage.ts';
import { Kubelet } from './kubelet.ts';
import type { Versions } from './object-table.ts';
import type { PlainClaim, PlainPod, PlainStatefulSet } from './plain.ts';
import { RequestLog } from './request-log.ts';
import { StatefulSetController } from './stateful-set-controller.ts';
import type { Tables } from './tables.ts';
import { emptyTables } from './tables.ts';

type OwnerReferences = NonNullable<NonNullable<PlainClaim['metadata']>['ownerReferences']>;

export interface FakeClusterOptions {
  readonly now?: () => Date;
  /** True if the controllers act after each change on their own; else they act only when a test asks them to. */
  readonly runsByItself?: boolean;
}

export interface ClaimParts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly accessModes?: string[];
  readonly phase?: string;
}

interface Told {
  /** Default true. */
  readonly isWarning?: boolean;
  readonly reason: string;
  readonly message: string;
}

/**
 * A Kubernetes cluster in memory: the API server, the shared watches, the StatefulSet controller and the kubelets, as
 * faithful as the activities need it. Its own methods are what people and other controllers do; the operator goes
 * through `api`, which keeps its requests in `requests`.
 */
export class FakeCluster {
  readonly api: ClusterApi;
  readonly cache = new FakeCache();
  readonly requests: RequestLog;
  readonly admission = new Admission();
  readonly controller: StatefulSetController;
  readonly kubelet: Kubelet;
  readonly #versions: Versions = { current: 0 };
  readonly #tables: Tables;
  readonly #now: () => Date;
  #settling: Promise<void> | undefined;

  constructor({ now = () => new Date(), runsByItself = false }: FakeClusterOptions = {}) {
    this.#now = now;
    this.#tables = emptyTables(this.#versions, (change) => {
      this.cache.accept(change);
      if (runsByItself) this.#settleSoon();
    });
    this.requests = new RequestLog(this.#versions);
    this.api = fakeApi(this.#tables, this.requests, now, this.admission);
    this.controller = new StatefulSetController(this.#tables, now, this.admission);
    this.kubelet = new Kubelet(this.#tables, now);
  }

  /** Creates the node as `kubectl apply` of a manifest does, with the status and UID that it is to have. */
  createNode(node: SeiNode): SeiNode {
    return this.#tables.nodes.create(node);
  }

  editSpec(key: ObjectKey, spec: Partial<SeiNodeSpec>): SeiNode {
    return this.#tables.nodes.update(key, (node) => ({ ...node, spec: { ...node.spec, ...spec } }));
  }

  /** Changes the status as another writer would. */
  editStatus(key: ObjectKey, status: Partial<SeiNodeStatus>): SeiNode {
    return this.#tables.nodes.update(key, (node) => ({
      ...node,
      status: { ...node.status, ...status },
    }));
  }

  setFinalizers(key: ObjectKey, finalizers: readonly string[]): void {
    const isLeaving = this.#tables.nodes.read(key).metadata.deletionTimestamp !== undefined;
    if (isLeaving && finalizers.length === 0) return this.removeNode(key);
    this.#tables.nodes.update(key, (node) => ({
      ...node,
      metadata: { ...node.metadata, finalizers },
    }));
  }

  /** Deletes the node; with finalizers it stays until those are taken off. */
  deleteNode(key: ObjectKey): void {
    const { finalizers = [] } = this.#tables.nodes.read(key).metadata;
    if (finalizers.length === 0) return this.#tables.nodes.remove(key);
    const deletionTimestamp = this.#now().toISOString();
    this.#tables.nodes.update(key, (node) => ({
      ...node,
      metadata: { ...node.metadata, deletionTimestamp },
    }));
  }

  /** Removes the node, whatever its finalizers. */
  removeNode(key: ObjectKey): void {
    this.#tables.nodes.remove(key);
  }

  createPod(pod: PlainPod): PodView {
    return podView(this.#tables.pods.create(pod));
  }

  createStatefulSet(statefulSet: PlainStatefulSet): StatefulSetView {
    return statefulSetView(this.#tables.statefulSets.create(statefulSet));
  }

  editStatefulSet(key: ObjectKey, spec: Partial<PlainStatefulSet['spec']>): void {
    this.#tables.statefulSets.update(key, (live) => ({
      ...live,
      spec: { ...live.spec, ...spec } as NonNullable<PlainStatefulSet['spec']>,
    }));
  }

  /** Sets the image of container seid, as `kubectl set image` does. */
  setImage(key: ObjectKey, image: string): void {
    const { template } = this.#tables.statefulSets.read(key).spec ?? {};
    if (template?.spec === undefined) return;
    const containers = withSeidImage(template.spec.containers, image);
    this.editStatefulSet(key, {
      template: { ...template, spec: { ...template.spec, containers } },
    });
  }

  /**
   * Deletes the StatefulSet. In the background its pods go when the garbage is collected, in the foreground before it.
   */
  deleteStatefulSet(key: ObjectKey, propagation: 'background' | 'foreground' = 'background'): void {
    if (propagation === 'foreground') {
      this.#tables.statefulSets.update(key, (live) => ({
        ...live,
        metadata: { ...live.metadata, finalizers: [FOREGROUND_DELETION] },
      }));
    }
    const { uid, resourceVersion } = statefulSetView(this.#tables.statefulSets.read(key));
    deleteStatefulSet(this.#tables, { ...key, uid, resourceVersion }, this.#now());
  }

  removeService(key: ObjectKey): void {
    this.#tables.services.remove(key);
  }

  editConfigMap(key: ObjectKey, data: Readonly<Record<string, string>>): void {
    this.#tables.configMaps.update(key, (live) => Object.assign({}, live, { data }));
  }

  removeConfigMap(key: ObjectKey): void {
    this.#tables.configMaps.remove(key);
  }

  /** Takes the owners off a Service or ConfigMap, as a backup tool or an orphaning delete does. */
  disown(kind: 'services' | 'configMaps', key: ObjectKey): void {
    const { services, configMaps } = this.#tables;
    if (kind === 'services') services.update(key, withoutOwners);
    else configMaps.update(key, withoutOwners);
  }

  /** Creates a pod of another application, with the claim mounted. */
  createPodWithClaim(key: ObjectKey, claimName: string): void {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName } }];
    this.#tables.pods.create({ metadata: key, spec: { containers: [], volumes } });
  }

  claim(key: ObjectKey): PlainClaim | undefined {
    return this.#tables.claims.get(key);
  }

  deletePod(key: ObjectKey): void {
    const { uid, resourceVersion } = podView(this.#tables.pods.read(key));
    deletePod(this.#tables, { ...key, uid, resourceVersion }, this.#now());
  }

  /** Deletes as `kubectl delete statefulset --cascade=orphan` does: the pod stays, and nobody controls it. */
  orphanPod(key: ObjectKey): void {
    this.#tables.pods.update(key, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, ownerReferences: [] },
    }));
  }

  /** Takes the owner off, as the garbage collector does for a node that is deleted with --cascade=orphan. */
  disownStatefulSet(key: ObjectKey): void {
    this.#tables.statefulSets.update(key, (live) => ({
      ...live,
      metadata: { ...live.metadata, ownerReferences: [] },
    }));
  }

  /** Deletes the claim, as a person does; it stays while a pod has it mounted. */
  deleteClaim(key: ObjectKey): void {
    const deletionTimestamp = this.#now();
    this.#tables.claims.update(key, (claim) => ({
      ...claim,
      metadata: { ...claim.metadata, deletionTimestamp },
    }));
  }

  /** Sets the image as admission would have made it, or as somebody made it since. */
  setPodImage(key: ObjectKey, image: string): void {
    this.#tables.pods.update(key, (pod) => ({
      ...pod,
      spec: { ...pod.spec, containers: withSeidImage(pod.spec?.containers ?? [], image) },
    }));
  }

  relabelPod(key: ObjectKey, labels: Readonly<Record<string, string>>): void {
    this.#tables.pods.update(key, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, ...labels } },
    }));
  }

  /**
   * Makes another pod with all that the StatefulSet's controller has given the node's, as anybody who may create pods
   * can. It runs, with another image of seid and at an address of its own.
   */
  forgePod(of: ObjectKey, name: string, { podIP, image }: { podIP: string; image: string }): void {
    const { metadata, spec, status } = this.#tables.pods.read(of);
    const {
      uid: _uid,
      resourceVersion: _version,
      deletionTimestamp: _going,
      ...rest
    } = metadata ?? {};
    this.#tables.pods.create({
      metadata: { ...rest, name },
      spec: { ...spec, containers: withSeidImage(spec?.containers ?? [], image) },
      status: { ...status, podIP },
    });
  }

  /** Removes the pod at once, as a forced deletion does, whatever still runs. */
  removePod(key: ObjectKey): void {
    this.#tables.pods.remove(key);
  }

  /** Evicts the pod: what is left of it keeps its address. */
  endPod(key: ObjectKey): void {
    this.#tables.pods.update(key, (pod) => ({
      ...pod,
      status: { ...pod.status, phase: 'Failed', reason: 'Evicted' },
    }));
  }

  /** Gives the pod another address: its sandbox was made again, or its address was given to another. */
  movePod(key: ObjectKey, podIP: string): void {
    this.#tables.pods.update(key, (pod) => ({ ...pod, status: { ...pod.status, podIP } }));
  }

  /** Creates the data volume claim, as somebody else would. */
  createClaim(
    key: ObjectKey,
    ownerReferences: OwnerReferences = [],
    { accessModes = ['ReadWriteOnce'], phase = 'Bound', labels }: ClaimParts = {},
  ): void {
    const metadata = { ...key, ownerReferences, ...(labels && { labels: { ...labels } }) };
    this.#tables.claims.create({ metadata, spec: { accessModes }, status: { phase } });
  }

  createSecret(key: ObjectKey): void {
    this.#tables.secrets.create({ metadata: key });
  }

  removeSecret(key: ObjectKey): void {
    this.#tables.secrets.remove(key);
  }

  removeClaim(key: ObjectKey): void {
    this.#tables.claims.remove(key);
  }

  /** Has a controller, the scheduler or a kubelet say something about an object, now. */
  say(about: ObjectVersion, { isWarning = true, reason, message }: Told): void {
    const at = this.#now().toISOString();
    const { namespace, uid } = about;
    const name = `${about.name}.${this.#tables.objectEvents.all().length}`;
    const event = { isWarning, reason, message, firstSeen: at, lastSeen: at };
    this.#tables.objectEvents.create({ metadata: { namespace, name }, about: uid, event });
  }

  /** Takes one turn of the garbage collector. */
  collectGarbage(): void {
    collectGarbage(this.#tables, this.#now());
  }

  /** Lets the controllers act until nothing changes any more. */
  settle(): void {
    let before: number;
    do {
      before = this.#versions.current;
      collectGarbage(this.#tables, this.#now());
      this.kubelet.endPods();
      this.controller.createPods();
      this.kubelet.startPods();
      this.controller.observe();
    } while (this.#versions.current !== before);
  }

  node(key: ObjectKey): SeiNode | undefined {
    return this.#tables.nodes.get(key);
  }

  statefulSet(key: ObjectKey): StatefulSetView | undefined {
    const found = this.#tables.statefulSets.get(key);
    return found && statefulSetView(found);
  }

  pods(node: ObjectKey): readonly PodView[] {
    return podsOf(this.#tables, node).map(podView);
  }

  get events(): readonly NewEvent[] {
    return this.#tables.events.all().map(({ event }) => event);
  }

  /** Lists `kind namespace/name` of everything there is, to compare two ends. */
  get inventory(): readonly string[] {
    return Object.entries(this.#tables)
      .flatMap(([kind, table]) =>
        (table as Tables[keyof Tables])
          .all()
          .map(({ metadata }) => `${kind} ${metadata?.namespace}/${metadata?.name}`),
      )
      .toSorted();
  }

  /** Resolves when the controllers of a cluster that runs on its own have nothing more to do. */
  async atRest(): Promise<void> {
    await this.#settling;
  }

  #settleSoon(): void {
    this.#settling ??= Promise.resolve().then(() => {
      this.settle();
      this.#settling = undefined;
    });
  }
}

function withoutOwners<T extends V1Service | V1ConfigMap>(object: T): T {
  const { ownerReferences: _owners, ...metadata } = object.metadata ?? {};
  return Object.assign({}, object, { metadata });
}

function withSeidImage(containers: readonly V1Container[], image: string): V1Container[] {
  return containers.map((container) =>
    container.name === SEID_CONTAINER ? Object.assign({}, container, { image }) : container,
  );
}
