import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { Plan, SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { SeiNode, SeiNodeMetadata, SeiNodeSpec } from '../../domain/node/sei-node.ts';
import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import type { ContainerState, ContainerView, PodView } from '../../domain/pod/pod-view.ts';
import {
  RBAC_PROXY_CONTAINER,
  SEID_CONTAINER,
  SEID_INIT_CONTAINER,
  SIDECAR_CONTAINER,
} from '../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../domain/pod/stateful-set-view.ts';

export const NODE: NodeRef = { namespace: 'default', name: 'n0', uid: 'node-uid' };
export const STATEFUL_SET_UID = 'sts-uid';
export const V1 = 'sei:v1';
export const V2 = 'sei:v2';
export const SIDECAR = 'seictl:v1';
/** The sidecar image of the installation in tests. */
export const DEFAULT_SIDECAR = 'seictl:default';

/** RFC 3339, an hour apart, so that the order of records shows. */
export const EARLIER = '2026-01-01T11:00:00.000Z';
export const NOW = '2026-01-01T12:00:00.000Z';
export const LATER = '2026-01-01T13:00:00.000Z';

export interface SeiNodeParts {
  readonly metadata?: Partial<SeiNodeMetadata>;
  readonly spec?: Partial<SeiNodeSpec>;
  readonly status?: SeiNodeStatus;
}

/** Returns a full node of generation 1 that wants V1, as it is right after `kubectl apply`. */
export function seiNode({ metadata, spec, status }: SeiNodeParts = {}): SeiNode {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { ...NODE, generation: 1, resourceVersion: '1', ...metadata },
    spec: {
      chainId: 'pacific-1',
      image: V1,
      sidecar: { image: SIDECAR },
      fullNode: {},
      ...spec,
    },
    ...(status !== undefined && { status }),
  };
}

/** Returns a node that this operator runs on V1, with nothing due. */
export function runningNode({ metadata, spec, status }: SeiNodeParts = {}): SeiNode {
  return seiNode({
    ...(metadata && { metadata }),
    ...(spec && { spec }),
    status: {
      observedGeneration: 1,
      phase: 'Running',
      currentImage: V1,
      currentSidecarImage: SIDECAR,
      statefulSet: { name: NODE.name, uid: STATEFUL_SET_UID },
      ...status,
    },
  });
}

/** Returns a node as the original operator leaves it: Running, but never with an observedGeneration. */
export function foreignNode({ status, ...parts }: SeiNodeParts = {}): SeiNode {
  const { observedGeneration: _, ...left } = runningNode().status ?? {};
  return seiNode({ ...parts, status: { ...left, ...status } });
}

/** Returns a plan under way to V2. */
export function plan(parts: Partial<Plan> = {}): Plan {
  return {
    id: 'plan-1',
    workflowId: 'seinode/test/default/n0',
    phase: 'Active',
    targetImage: V2,
    previousImage: V1,
    targetPhase: 'Running',
    tasks: [
      { type: 'apply-statefulset', status: 'Pending' },
      { type: 'apply-service', status: 'Pending' },
      { type: 'replace-pod', status: 'Pending' },
      { type: 'observe-image', status: 'Pending' },
      { type: 'mark-ready', status: 'Pending' },
    ],
    startedAt: EARLIER,
    ...parts,
  };
}

/** Returns the node's StatefulSet, settled: the controller has seen it and its one pod is of V1. */
export function statefulSet(parts: Partial<StatefulSetView> = {}): StatefulSetView {
  const { owner = { kind: 'SeiNode', name: NODE.name, uid: NODE.uid } } = parts;
  const isOwned = !('owner' in parts) || parts.owner !== undefined;
  return {
    namespace: NODE.namespace,
    name: NODE.name,
    uid: STATEFUL_SET_UID,
    resourceVersion: '1',
    generation: 1,
    terminating: false,
    owner,
    owners: isOwned ? [{ apiVersion: 'sei.io/v1alpha1', controller: true, ...owner }] : [],
    labels: { [NODE_LABEL]: NODE.name },
    replicas: 1,
    updateStrategy: 'OnDelete',
    serviceName: NODE.name,
    selector: { [NODE_LABEL]: NODE.name },
    podManagementPolicy: 'OrderedReady',
    claimTemplates: [],
    templateImage: V1,
    templateSidecarImage: SIDECAR,
    observedGeneration: 1,
    updateRevision: revisionOf(V1),
    updatedReplicas: 1,
    ...parts,
  };
}

/** Stands for the hash that the StatefulSet controller makes of a template with this image. */
export function revisionOf(image: string): string {
  return `${NODE.name}-${image.replace(':', '-')}`;
}

export interface PodParts extends Partial<Omit<PodView, 'containers'>> {
  /** The image of seid and seid-init; the revision follows from it. */
  readonly image?: string;
  readonly sidecarImage?: string;
  /** The differences of single containers from running ones. */
  readonly containers?: Readonly<Record<string, Partial<ContainerView>>>;
}

/** Returns the node's pod, with every container running, except where the parts say otherwise. */
export function pod(parts: PodParts = {}): PodView {
  const { image = V1, sidecarImage = SIDECAR, containers = {}, ...rest } = parts;
  const container = (name: string, ofImage: string, init = false): ContainerView => ({
    name,
    init,
    image: ofImage,
    ready: true,
    restartCount: 0,
    state: { kind: 'running' },
    hasStarted: true,
    ...containers[name],
  });
  return {
    namespace: NODE.namespace,
    name: `${NODE.name}-0`,
    uid: `pod-of-${image}`,
    resourceVersion: '1',
    node: NODE.name,
    statefulSetUid: STATEFUL_SET_UID,
    revision: revisionOf(image),
    deletionTimestamp: undefined,
    deletionGraceSeconds: undefined,
    phase: 'Running',
    reason: undefined,
    ip: '10.0.0.1',
    machine: 'machine-0',
    unschedulable: undefined,
    finalizers: [],
    ready: true,
    ...rest,
    containers: [
      container(SEID_INIT_CONTAINER, image, true),
      container(SIDECAR_CONTAINER, sidecarImage, true),
      container(RBAC_PROXY_CONTAINER, 'kube-rbac-proxy:v1', true),
      container(SEID_CONTAINER, image),
    ],
  };
}

/** Returns a pod that somebody made to look like the node's, with what the StatefulSet's controller would give it. */
export function forgedPod(parts: PodParts = {}): PodView {
  const image = 'evil:v1';
  return pod({
    name: 'zz-forged',
    uid: 'forged',
    ip: '10.9.9.9',
    image,
    sidecarImage: image,
    revision: revisionOf(V1),
    ...parts,
  });
}

/** Returns a container that has never run and says why. */
export function waiting(reason: string, message = ''): Partial<ContainerView> {
  const state: ContainerState = { kind: 'waiting', reason, message };
  return { ready: false, hasStarted: false, state };
}
