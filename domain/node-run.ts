/** The messages that cross between the watcher, the tools and a node's run. Wire shapes. */
import type { DueWork } from './due-work.ts';
import type { NodeRef } from './node-ref.ts';
import type { Pace } from './pace.ts';
import type { Stall } from './stall.ts';
import type { Command } from './steering.ts';
import type { WorkFailure } from './work-failure.ts';

/** The input of every workflow type. Who starts a run gives the node; the rest is for runs that continue. */
export interface NodeRunInput extends Partial<CarriedState> {
  readonly node: NodeRef;
}

/** What a run that continues as new hands on; all else is state of the node, and is read from there. */
export interface CarriedState {
  /** Under which the work goes on. */
  readonly planId: string;
  /** How often in a row the work has failed. */
  readonly failures: number;
  /** The failure that is being waited out. */
  readonly parked: ParkedFailure | undefined;
  /** How often the work has come round without progress. */
  readonly pace: Pace;
  /** For how long the plan under way has made no progress. */
  readonly lateness: LatenessState;
  /** Sent as signals, and still to be carried out. */
  readonly commands: readonly Command[];
}

export interface LatenessState {
  /** The plan, and what it aims at. */
  readonly key: string;
  /** Time without progress, as far as somebody could work. */
  readonly spentMs: number;
  /** How far the plan has come at most; see `rankOf`. */
  readonly rank: number;
  /** Set once that is longer than the policy allows. */
  readonly exceeded: Stall | undefined;
  readonly refusedRollback: string | undefined;
}

export interface ParkedFailure {
  readonly failure: WorkFailure;
  /** RFC 3339: when the next attempt is due by itself. */
  readonly until: string;
}

/** What the watcher tells an open run, or starts one with. */
export interface Observed {
  /** Of the run's name and namespace. That another UID is there, a read tells. */
  readonly node: NodeRef;
  /** The spec generation that the watcher saw. A hint: what it is, a read tells. */
  readonly generation: number;
  /** A resync that repeats what was said before counts for no change. */
  readonly cause: 'change' | 'resync';
  /** What the watcher holds to be due. */
  readonly due: DueWork['kind'];
  /** What of it; the same text for as long as the same is due. */
  readonly why?: string;
  /** How many runs the watcher has started for the very same before it told this. */
  readonly runs?: number;
}

/** The answer to the query `progress`. */
export interface RunProgress {
  readonly node: NodeRef;
  readonly target: string | undefined;
  readonly previousImage: string | undefined;
  /** The step under way; undefined between attempts. */
  readonly step: string | undefined;
  /** How often in a row the work has failed. */
  readonly failures: number;
  /** Whether somebody holds the node. */
  readonly held: boolean;
  /** Who holds it and why, while the run lets its pod through all the same. */
  readonly heldBy?: string | undefined;
  readonly waitingFor: string | undefined;
  /** RFC 3339: since when the run waits for it. */
  readonly since: string;
  readonly lastError: string | undefined;
}

export const OBSERVED_SIGNAL = 'observed';
export const PROGRESS_QUERY = 'progress';

/** Activities that wait have a queue of their own: 100 stalled nodes must not hold up the 101st. */
export function waitsTaskQueue(taskQueue: string): string {
  return `${taskQueue}-waits`;
}
