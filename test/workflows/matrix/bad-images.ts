import { findCondition } from '../../../domain/node/condition.ts';
import type { PodTrouble } from '../../../domain/pod/pod-trouble.ts';
import {
  SEID_CONTAINER,
  SEID_INIT_CONTAINER,
  SIDECAR_CONTAINER,
} from '../../../domain/pod/pod-view.ts';
import type { Fate } from '../../support/cluster/kubelet.ts';
import { eventually } from '../../support/eventually.ts';
import type { FleetNode } from '../fleet/fleet-node.ts';

export const BAD = 'sei:bad';

/** How the pods of the bad image fail. */
export interface BadImage {
  readonly name: string;
  /** What the node is stalled for. */
  readonly reason: PodTrouble['reason'];
  /** The container that fails. */
  readonly container: string;
  readonly fate: Fate;
  /** How long the trouble has to last before it is one. */
  readonly graceSeconds?: number;
}

export const BAD_IMAGES: readonly BadImage[] = [
  {
    name: 'cannot be pulled',
    reason: 'ImagePullBackOff',
    container: SEID_CONTAINER,
    fate: { kind: 'waits', reason: 'ErrImagePull', message: 'manifest unknown' },
  },
  {
    name: 'has no valid name',
    reason: 'InvalidImageName',
    container: SEID_CONTAINER,
    fate: { kind: 'waits', reason: 'InvalidImageName', message: 'could not parse reference' },
  },
  {
    name: 'lacks its configuration',
    reason: 'CreateContainerConfigError',
    container: SEID_CONTAINER,
    fate: { kind: 'waits', reason: 'CreateContainerConfigError', message: 'no such secret' },
  },
  {
    name: 'crashes its init container',
    reason: 'CrashLoopBackOff',
    container: SEID_INIT_CONTAINER,
    fate: { kind: 'crashes' },
  },
  {
    name: 'crashes the sidecar',
    reason: 'CrashLoopBackOff',
    container: SIDECAR_CONTAINER,
    fate: { kind: 'crashes' },
  },
  {
    name: 'fits on no machine',
    reason: 'Unschedulable',
    container: SEID_CONTAINER,
    fate: { kind: 'unschedulable', message: '0/3 nodes are available' },
    graceSeconds: 120,
  },
];

/** From now on no pod of the bad image comes up. */
export function spoil(node: FleetNode, bad: BadImage): void {
  node.bed.cluster.kubelet.fateOf = (_image, container, seidImage) =>
    seidImage === BAD && container === bad.container ? bad.fate : { kind: 'runs' };
}

/** Resolves once a pod of the bad image is there and holds the node back. */
export async function untilStalled(node: FleetNode, bad: BadImage): Promise<void> {
  await eventually(`${node.name} has a pod of the bad image`, () => node.hasPodOf(BAD));
  if (bad.graceSeconds !== undefined) node.bed.advanceClock(bad.graceSeconds);
  await node.until(`it is stalled for ${bad.reason}`, ({ status }) => {
    const stalled = findCondition(status?.conditions, 'Stalled');
    return stalled?.status === 'True' && stalled.reason === bad.reason;
  });
}
