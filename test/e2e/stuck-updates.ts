import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { untilRefused } from '../support/testbed/until-refused.ts';
import { applyPolicy } from './admission-policy.ts';

/** Fates that the devcluster gives to images by their tags; see devcluster/stages. */
export const CANNOT_PULL = 'ghcr.io/sei-protocol/sei:cannot-pull';
const SLOW_START = 'ghcr.io/sei-protocol/sei:slow-start-10m';
export const SLOW_TERMINATE = 'ghcr.io/sei-protocol/sei:slow-terminate';

/** An update that something holds up in one of its steps, until it is released. */
export interface StuckUpdate {
  /** The obstacle: part of test titles, and of the names of nodes. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** True if there is a pod of the new image while it is held up. */
  readonly hasNewPod: boolean;
  /** Prepares the node, before the image changes. */
  arrange?(bed: Testbed, node: string): Promise<unknown>;
  /** Resolves once the update is held up. */
  reached(bed: Testbed, node: string): Promise<unknown>;
  /** Removes whatever holds it up. */
  release(bed: Testbed, node: string): Promise<unknown>;
}

/** One for each step that can be held up from outside, in the order of the steps. */
export const STUCK_UPDATES: readonly StuckUpdate[] = [
  {
    at: 'pod-may-not-be-deleted',
    from: V1,
    to: V2,
    hasNewPod: false,
    arrange: (bed, node) => keepPod(bed, node),
    reached: (bed, node) => untilStalled(bed, node, 'Refused'),
    release: (bed, node) => annotatePod(bed, node, KEEP_ANNOTATION, undefined),
  },
  {
    at: 'pod-terminates',
    from: SLOW_TERMINATE,
    to: V2,
    hasNewPod: false,
    reached: (bed, node) =>
      bed.pods.until(podNameOf(node), 'it terminates', ({ isTerminating }) => isTerminating),
    release: (bed, node) => healPod(bed, node),
  },
  {
    at: 'image-cannot-be-pulled',
    from: V1,
    to: CANNOT_PULL,
    hasNewPod: true,
    reached: (bed, node) => untilStalled(bed, node, 'ImagePullBackOff'),
    release: (bed, node) => healPod(bed, node),
  },
  {
    at: 'pod-starts',
    from: V1,
    to: SLOW_START,
    hasNewPod: true,
    reached: (bed, node) =>
      bed.pods.until(
        podNameOf(node),
        `it is of ${SLOW_START}`,
        ({ seidImage }) => seidImage === SLOW_START,
      ),
    release: (bed, node) => healPod(bed, node),
  },
  {
    at: 'sidecar-hangs',
    from: V1,
    to: V2,
    hasNewPod: true,
    arrange: (bed, node) =>
      bed.sidecars.setFaults(bed.key(node), { kind: 'hang', calls: ['submit-task'] }),
    reached: (bed, node) =>
      bed.nodes.until(
        node,
        'its new image was observed',
        ({ status }) => status?.currentImage === V2,
      ),
    release: (bed, node) => bed.sidecars.setFaults(bed.key(node)),
  },
];

/** Creates a node, and leaves its update where it is stuck. */
export async function stickUpdate(bed: Testbed, node: string, stuck: StuckUpdate): Promise<void> {
  await bed.nodes.createRunning(node, stuck.from);
  await stuck.arrange?.(bed, node);
  await bed.nodes.setImage(node, stuck.to);
  await stuck.reached(bed, node);
}

/** Removes whatever prevents the pod from starting, or from going. */
export function healPod(bed: Testbed, node: string): Promise<void> {
  return annotatePod(bed, node, 'devcluster.sei.io/healed', 'true');
}

const KEEP_ANNOTATION = 'test.sei.io/keep';

/** Makes the API server refuse to delete the node's pod. */
async function keepPod(bed: Testbed, node: string): Promise<void> {
  const message = 'this pod is to be kept';
  await applyPolicy(bed, {
    name: `keep-pods-of-${bed.namespace}`,
    operation: 'DELETE',
    resource: 'pods',
    expression: `!has(oldObject.metadata.annotations) || !("${KEEP_ANNOTATION}" in oldObject.metadata.annotations)`,
    message,
  });
  await annotatePod(bed, node, KEEP_ANNOTATION, 'true');
  const pod = podNameOf(node);
  const attempt = ['delete', 'pod', pod, '--dry-run=server'];
  await untilRefused(`pod ${pod} is kept`, () => bed.kubectl(attempt), message);
}

/**
 * Annotates the pod that the node has now. By a replacement, which names the UID: for a patch of a pod that is being
 * removed the API server ends the removal itself, by the pod's name, and so takes the successor away when that is there
 * by then.
 *
 * @param value undefined removes the annotation
 */
async function annotatePod(
  bed: Testbed,
  node: string,
  annotation: string,
  value: string | undefined,
): Promise<void> {
  const { namespace } = bed;
  await eventually(`the pod of ${node} is annotated`, async () => {
    const labelSelector = `${NODE_LABEL}=${node}`;
    const { items } = await bed.core.listNamespacedPod({ namespace, labelSelector });
    for (const pod of items) {
      const { metadata = {} } = pod;
      const { [annotation]: _before, ...others } = metadata.annotations ?? {};
      metadata.annotations = value === undefined ? others : { ...others, [annotation]: value };
      const { name = '' } = metadata;
      await bed.core.replaceNamespacedPod({ namespace, name, body: pod });
    }
    return true;
  });
}

function untilStalled(bed: Testbed, node: string, reason: string): Promise<unknown> {
  return bed.nodes.until(
    node,
    `it is stalled for ${reason}`,
    (version) => conditionOf(version, 'Stalled') === `True/${reason}`,
  );
}
