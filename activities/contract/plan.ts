/** The terms of all activities: a node, its plan, and the ends of work on it. */

import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { ShownStall } from '../../domain/node/stall.ts';
import type { Target } from '../../domain/node/target.ts';
import type { DueWork } from '../../domain/work/due-work.ts';

/** Names the work on a node: the node, and the plan of status that records the work. */
export interface PlanRef {
  readonly node: NodeRef;
  readonly planId: string;
}

/** The node is missing, is another one of its name, or is being deleted: its run ends. */
export interface NodeGone {
  readonly kind: 'gone';
}

/** The same from a live read, which knows whether another node has the name. */
export interface NodeMissing extends NodeGone {
  readonly successor?: NodeRef;
}

/** Other work is due, or none. */
export interface NotDue {
  readonly kind: 'not-due';
  readonly due: DueWork;
}

/** The spec asks for another target by now: the work begins again. */
export interface Superseded {
  readonly kind: 'superseded';
}

/** An attempt at exactly this target, begun at exactly this generation of the spec. */
export interface AttemptInput extends PlanRef {
  readonly target: Target;
  /** A cached spec that is older than this is neither rendered nor believed. */
  readonly generation: number;
}

/** A step that waits while something may hold the node back, for days if need be. */
export interface Stallable {
  /** The stall that the caller knows: the activity returns when the stall is another one, or is over. */
  readonly known: ShownStall | undefined;
  /**
   * The time in which the activity does not return for another stall, or its end: a crash loop alternates between the
   * two for days. It does return for a pod that runs its image.
   */
  readonly patienceMs?: number;
}

export interface TargetNow {
  readonly generation: number;
  readonly target: Target;
}

/** The objects that a node owns beside its StatefulSet are rendered from its spec alone. */
export interface OwnedInput extends PlanRef {
  /** The lowest generation of the spec to render; by default any. */
  readonly generation?: number;
}
