/** Describes who disagrees when the same work comes up again and again: the texts of Stalled=True/NotConverging. */
import { assertNever } from '../assert-never.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { stallOf } from '../node/stall.ts';
import { describeDrift } from './drift.ts';
import type { DueWork, Work } from './due-work.ts';
import { describeNeed } from './sync-need.ts';

const SUSPECTS =
  'settings of watcher and worker differ, or something (a webhook, a policy, another tool) keeps changing the object';

/** Describes due work in a clause that stays the same while the same is due; empty if the kind says it all. */
export function describeDue(due: Work): string {
  switch (due.kind) {
    case 'nodeInit':
    case 'nodeDelete':
      return '';
    case 'nodeUpdate':
      return `to ${due.target.image} with sidecar ${due.target.sidecarImage}`;
    case 'nodeSync':
      return due.needs.map(describeNeed).join(', ');
    default:
      return assertNever(due);
  }
}

/** A round has done the work, and the same is due at once. */
export function dueAgain(due: Work): string {
  const what =
    due.kind === 'nodeUpdate' ? due.drifts.map(describeDrift).join(', ') : describeDue(due);
  return `${due.kind} is due again right after it was done${inBrackets(what)}: ${SUSPECTS}`;
}

/** The work was broken off for another target, though the spec is the same. */
export function supersededAgain(kind: string): string {
  return `${kind} is superseded again and again although spec stays the same: workers with different settings want different images, or somebody deletes or changes the StatefulSet or the pod again and again`;
}

/** Each kind of work makes the other due. */
export function dueByTurns(one: string, other: string): string {
  return `${one} and ${other} are due by turns: ${SUSPECTS}`;
}

/** The watcher starts run after run for work that each of them did, or found not to be due. */
export function heldDueByWatcher(kind: string, why: string | undefined, runs: number): string {
  return `the watcher holds ${kind} due${inBrackets(why ?? '')}, and ${runs} runs have done it or found nothing to do: ${SUSPECTS}`;
}

/** Returns whether the only due work is to see whether the work converges by now, which its own run does. */
export function isOnlyNotConverging(node: SeiNode, due: DueWork): boolean {
  return (
    due.kind === 'nodeSync' &&
    due.needs.every(({ kind }) => kind === 'settle-stall') &&
    stallOf(node.status)?.reason === 'NotConverging'
  );
}

function inBrackets(what: string): string {
  return what === '' ? '' : ` (${what})`;
}
