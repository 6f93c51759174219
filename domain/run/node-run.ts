/** The messages between the watcher, the tools and a node's run. Wire shapes. */

import type { WorkFailure } from '../failure/work-failure.ts';
import type { NodeRef } from '../node/node-ref.ts';
import type { Stall } from '../node/stall.ts';
import type { Command } from '../plan/steering.ts';
import type { DueWork } from '../work/due-work.ts';
import type { Pace } from '../work/pace.ts';

/** The input of every workflow type. A starter of a run gives the node; the rest is for runs that continue. */
export interface NodeRunInput extends Partial<CarriedState> {
  readonly node: NodeRef;
}

/** The state that a run hands to the run that continues it; all other state is the node's, and is read from there. */
export interface CarriedState {
  /** The id of the plan under which the work goes on. */
  readonly planId: string;
  /** The number of failures of the work in a row. */
  readonly failures: number;
  /** The failure for which the run is parked. */
  readonly parked: ParkedFailure | undefined;
  /** The record of rounds of work without progress. */
  readonly pace: Pace;
  /** The time for which the plan under way has made no progress. */
  readonly lateness: LatenessState;
  /** Commands that came as signals and still wait to be carried out. */
  readonly commands: readonly Command[];
}

export interface LatenessState {
  /** The plan and its target. */
  readonly key: string;
  /** Time without progress, not counting time in which nobody could work. */
  readonly spentMs: number;
  /** The furthest that the plan has come; see `rankOf`. */
  readonly rank: number;
  /** Set once that is longer than the policy allows. */
  readonly exceeded: Stall | undefined;
  readonly refusedRollback: string | undefined;
}

export interface ParkedFailure {
  readonly failure: WorkFailure;
  /** RFC 3339: when the operator makes the next attempt on its own. */
  readonly until: string;
}

/** The input with which the watcher signals an open run, or starts one. */
export interface Observed<Due extends string = DueWork['kind']> {
  /** Gives the run's name and namespace. A read shows if another UID is there. */
  readonly node: NodeRef;
  /** The generation of the spec that the watcher saw. A hint: a read shows the real one. */
  readonly generation: number;
  /** A resync that repeats an earlier signal counts as no change. */
  readonly cause: 'change' | 'resync';
  /** The kind of work that the watcher takes to be due. */
  readonly due: Due;
  /** Details of the due work; the same text as long as the same is due. */
  readonly why?: string;
  /** The number of runs that the watcher has started for the very same before this one. */
  readonly runs?: number;
}

/** The answer to the query `progress`. */
export interface RunProgress {
  readonly node: NodeRef;
  readonly target: string | undefined;
  readonly previousImage: string | undefined;
  /** The step under way; undefined between attempts. */
  readonly step: string | undefined;
  /** The number of failures of the work in a row. */
  readonly failures: number;
  /** True while somebody holds the node. */
  readonly held: boolean;
  /** The holder and the reason, while the run lets the pod through all the same. */
  readonly heldBy?: string | undefined;
  readonly waitingFor: string | undefined;
  /** RFC 3339: since when the run waits for it. */
  readonly since: string;
  readonly lastError: string | undefined;
}

export const OBSERVED_SIGNAL = 'observed';
export const PROGRESS_QUERY = 'progress';

/** Returns the queue for activities that wait: with a queue of their own, 100 stalled nodes do not delay the 101st. */
export function waitsTaskQueue(taskQueue: string): string {
  return `${taskQueue}-waits`;
}
