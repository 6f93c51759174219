import { CustomObjectsApi } from '@kubernetes/client-node';

import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode, SeiNodeSpec, ValidatorMode } from '../../../domain/node/sei-node.ts';
import {
  SEI_NODE_GROUP,
  SEI_NODE_KIND,
  SEI_NODE_PLURAL,
  SEI_NODE_VERSION,
} from '../../../domain/node/sei-node.ts';
import type { KubernetesConnection } from '../../../kubernetes/api/client.ts';
import { isNotFound } from '../../../kubernetes/api/errors.ts';
import { seiNodeOf } from '../../../kubernetes/views/sei-node-of.ts';
import { eventually } from '../eventually.ts';
import { hasSettledOn } from './node-conditions.ts';
import { AS_MERGE_PATCH, typedApi } from './typed-api.ts';
import type { WatchedObjects } from './watched-objects.ts';
import { watchObjects } from './watched-objects.ts';

/** Images of a tag that no stage of the devcluster gives a bad fate. */
export const V1 = 'ghcr.io/sei-protocol/sei:v1';
export const V2 = 'ghcr.io/sei-protocol/sei:v2';
export const V3 = 'ghcr.io/sei-protocol/sei:v3';

/** The SeiNodes of a test's own namespace. */
export interface SeiNodes extends WatchedObjects<SeiNode> {
  /** Creates a full node, unless the spec says otherwise. */
  create(name: string, spec: Partial<SeiNodeSpec>): Promise<SeiNode>;
  createValidator(name: string, validator: ValidatorMode): Promise<SeiNode>;
  setImage(name: string, image: string): Promise<SeiNode>;
  /** Applies a merge patch to the spec: null removes a field. */
  patchSpec(name: string, spec: object): Promise<SeiNode>;
  /** Applies a merge patch to the status, as an earlier operator would have written it. */
  patchStatus(name: string, status: SeiNodeStatus): Promise<SeiNode>;
  get(name: string): Promise<SeiNode>;
  /** Asks for the deletion, and waits for nothing. */
  delete(name: string): Promise<void>;
  /** Takes the finalizers off all of them, as a person does who no longer has an operator. */
  letGo(): Promise<void>;
  /** Waits until no node of the name has this UID. */
  untilGone(node: Pick<SeiNode, 'metadata'>, deadlineMs?: number): Promise<void>;
  /** Creates the node and waits until it is Running on its image. */
  createRunning(name: string, image: string, deadlineMs?: number): Promise<SeiNode>;
  /** Waits until the node's work is done and its pod runs the image. */
  untilSettledOn(name: string, image: string, deadlineMs?: number): Promise<SeiNode>;
}

interface SeiNodesOptions {
  readonly connection: KubernetesConnection;
  /** Writes status, which policies leave to the worker. */
  readonly asWorker: KubernetesConnection;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

export async function seiNodesIn(options: SeiNodesOptions): Promise<SeiNodes> {
  const { connection, asWorker, namespace, signal } = options;
  const custom = typedApi(connection, CustomObjectsApi);
  const ofTheWorker = typedApi(asWorker, CustomObjectsApi);
  const resource = {
    group: SEI_NODE_GROUP,
    version: SEI_NODE_VERSION,
    plural: SEI_NODE_PLURAL,
    namespace,
  };
  const watched = await watchObjects({
    connection,
    path: `/apis/${SEI_NODE_GROUP}/${SEI_NODE_VERSION}/namespaces/${namespace}/${SEI_NODE_PLURAL}`,
    transform: seiNodeOf,
    signal,
  });
  /** The last write of each node: the watch may show an older one. */
  const written = new Map<string, SeiNode>();
  const remember = (object: unknown): SeiNode => {
    const node = seiNodeOf(object);
    written.set(node.metadata.name, node);
    return node;
  };
  const create = async (name: string, spec: Partial<SeiNodeSpec>): Promise<SeiNode> => {
    const body = {
      apiVersion: `${SEI_NODE_GROUP}/${SEI_NODE_VERSION}`,
      kind: SEI_NODE_KIND,
      metadata: { name },
      spec: { chainId: 'pacific-1', image: V1, ...spec },
    };
    return remember(await custom.createNamespacedCustomObject({ ...resource, body }));
  };
  const nodes: SeiNodes = {
    ...watched,
    create: (name, spec) => create(name, { fullNode: {}, ...spec }),
    createValidator: (name, validator) => create(name, { validator }),
    setImage: (name, image) => nodes.patchSpec(name, { image }),
    patchSpec: async (name, spec) => {
      const patch = { ...resource, name, body: { spec } };
      return remember(await custom.patchNamespacedCustomObject(patch, AS_MERGE_PATCH));
    },
    patchStatus: async (name, status) => {
      const patch = { ...resource, name, body: { status } };
      return seiNodeOf(await ofTheWorker.patchNamespacedCustomObjectStatus(patch, AS_MERGE_PATCH));
    },
    get: async (name) => seiNodeOf(await custom.getNamespacedCustomObject({ ...resource, name })),
    delete: async (name) => {
      await custom.deleteNamespacedCustomObject({ ...resource, name });
    },
    letGo: async () => {
      const list: unknown = await custom.listNamespacedCustomObject(resource);
      const { items } = list as { readonly items: readonly SeiNode[] };
      for (const { metadata } of items) {
        const patch = {
          ...resource,
          name: metadata.name,
          body: { metadata: { finalizers: null } },
        };
        await custom.patchNamespacedCustomObject(patch, AS_MERGE_PATCH);
      }
    },
    untilGone: ({ metadata }, deadlineMs) =>
      eventually(
        `${metadata.name} of UID ${metadata.uid} is gone`,
        async () => {
          try {
            return (await nodes.get(metadata.name)).metadata.uid !== metadata.uid;
          } catch (err) {
            if (isNotFound(err)) return true;
            throw err;
          }
        },
        deadlineMs,
      ),
    createRunning: async (name, image, deadlineMs) => {
      await nodes.create(name, { image });
      return nodes.untilSettledOn(name, image, deadlineMs);
    },
    untilSettledOn: (name, image, deadlineMs) => {
      const isSettled = hasSettledOn(image);
      const since = written.get(name);
      return watched.until(
        name,
        `it is Running on ${image}`,
        (node) => isNoOlder(node, since) && isSettled(node),
        deadlineMs,
      );
    },
  };
  return nodes;
}

function isNoOlder({ metadata }: SeiNode, written: SeiNode | undefined): boolean {
  return Number(metadata.resourceVersion) >= Number(written?.metadata.resourceVersion ?? 0);
}
