import { findCondition, isConditionTrue } from '../../../domain/node/condition.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { V1 } from '../../support/sei-node.ts';
import type { FleetNode } from '../fleet/fleet-node.ts';
import type { BadImage } from './bad-images.ts';
import { BAD, untilStalled } from './bad-images.ts';
import type { Intervention } from './interventions.ts';
import { GOOD } from './interventions.ts';
import type { Moment } from './moments.ts';
import { podDeletions } from './pod-deletions.ts';

/** One bad image, met by one intervention at one step. */
export interface Cell {
  readonly bad: BadImage;
  readonly moment: Moment;
  readonly by: Intervention;
}

/** Brings the run to its moment, and has somebody intervene. */
export async function play(node: FleetNode, { bad, moment, by }: Cell): Promise<void> {
  const letGo = await moment.reach(node, bad);
  const complete = await by.begin(node);
  // A wait that is cancelled ends by itself; let go, it might be through before it hears of it.
  if (!(moment.waits && by.cancelsStep)) letGo();
  await complete();
}

/** The rest of the story: the image is corrected, unless it is not wanted any more. */
export async function correct(node: FleetNode, { bad, by }: Cell): Promise<void> {
  if (by.leadsTo !== 'the bad image') return;
  await untilStalled(node, bad);
  node.edit({ image: GOOD });
}

/** What there is to say of a node that has converged. */
export interface Outcome {
  readonly podDeletions: number;
  readonly statefulSetDeletions: number;
  readonly podsThatStay: number;
  /** Whether the bad image was ever taken for the current one. */
  readonly ranBadImage: boolean;
  readonly isHeld: boolean;
  /** The reasons of the events that told of a stall. */
  readonly stalls: readonly string[];
}

/** Resolves once the node has converged and its run is over. */
export async function outcomeOf(node: FleetNode, { by }: Cell): Promise<Outcome> {
  const image = by.leadsTo === 'the old image' ? V1 : GOOD;
  await node.until(`it has converged on ${image}`, (version) => hasConvergedOn(version, image));
  await node.untilIdle();
  return {
    podDeletions: node.deletions('deletePod'),
    statefulSetDeletions: node.deletions('deleteStatefulSet'),
    podsThatStay: node.pods.filter((pod) => pod.deletionTimestamp === undefined).length,
    ranBadImage: node.images.includes(BAD),
    isHeld: node.node?.status?.hold !== undefined,
    stalls: node.bed.cluster.events
      .filter(({ reason }) => reason === 'Stalled')
      .map(({ message }) => message.split(': ')[0] ?? ''),
  };
}

export function wantedOutcome({ bad, moment, by }: Cell): Outcome {
  return {
    podDeletions: podDeletions(moment, by),
    statefulSetDeletions: 0,
    podsThatStay: 1,
    // It only comes up on the way to mark-ready.
    ranBadImage: moment.name === 'mark-ready',
    isHeld: false,
    stalls: Array.from({ length: stallsOf(moment, by) }, () => bad.reason),
  };
}

/** Each pod of the bad image that is seen in trouble is told of, but not again in the same plan. */
function stallsOf(moment: Moment, by: Intervention): number {
  const before = moment.name === 'observe-image' ? 1 : 0;
  if (by.leadsTo !== 'the bad image') return before;
  return by.endsPlan ? before + 1 : 1;
}

function hasConvergedOn({ status }: SeiNode, image: string): boolean {
  const inProgress = findCondition(status?.conditions, 'NodeUpdateInProgress');
  return (
    status?.currentImage === image &&
    inProgress?.reason === 'UpdateComplete' &&
    isConditionTrue(status.conditions, 'Ready') &&
    !isConditionTrue(status.conditions, 'Stalled')
  );
}
