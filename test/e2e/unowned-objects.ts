import type { V1PersistentVolumeClaim, V1StatefulSet } from '@kubernetes/client-node';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { SEI_NODE_GROUP, SEI_NODE_KIND, SEI_NODE_VERSION } from '../../domain/node/sei-node.ts';
import { targetFor } from '../../domain/node/target.ts';
import { dataVolumeClaimFor } from '../../manifests/data-volume-claim.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** Makes the spec of a node that brings its data along. */
export function importingSpec(name: string): SeiNode['spec'] {
  return {
    chainId: 'pacific-1',
    image: V1,
    fullNode: {},
    dataVolume: { import: { pvcName: claimNameOf(name) } },
  };
}

export function claimNameOf(name: string): string {
  return `imported-${name}`;
}

/** Creates the claim that a node of `importingSpec` imports. */
export async function createClaim(bed: Testbed, name: string): Promise<void> {
  const { dataVolume: _import, ...spec } = importingSpec(name);
  const claim = dataVolumeClaimFor(nodeToBe(bed, name, spec), bed.platform);
  if (claim === undefined) throw new Error(`${name} has no claim of its own`);
  await create(bed, Object.assign({}, claim, { metadata: { name: claimNameOf(name) } }));
}

/**
 * Creates a node's StatefulSet as somebody else may have: without an owner, and changed by `change`.
 *
 * @returns the UID
 */
export async function createStatefulSet(
  bed: Testbed,
  name: string,
  change: (statefulSet: V1StatefulSet) => void = () => undefined,
): Promise<string> {
  const node = nodeToBe(bed, name, importingSpec(name));
  const target = targetFor(node, bed.platform.images.sidecar);
  const statefulSet = structuredClone(statefulSetFor(node, target, bed.platform));
  delete statefulSet.metadata?.ownerReferences;
  change(statefulSet);
  return create(bed, statefulSet);
}

/** @returns the UID */
async function create(
  bed: Testbed,
  object: V1StatefulSet | V1PersistentVolumeClaim,
): Promise<string> {
  const args = ['create', '-f', '-', '-o', 'jsonpath={.metadata.uid}'];
  return bed.kubectl(args, { input: JSON.stringify(object) });
}

function nodeToBe(bed: Testbed, name: string, spec: SeiNode['spec']): SeiNode {
  return {
    apiVersion: `${SEI_NODE_GROUP}/${SEI_NODE_VERSION}`,
    kind: SEI_NODE_KIND,
    metadata: { ...bed.key(name), uid: '', generation: 1, resourceVersion: '' },
    spec,
  };
}
