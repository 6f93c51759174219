/** What all activities speak of: a node, its plan, and how work on it ends. */
import type { DueWork } from '../../domain/due-work.ts';
import type { NodeRef } from '../../domain/node-ref.ts';
import type { Stall } from '../../domain/stall.ts';
import type { Target } from '../../domain/target.ts';

/** Names the work on a node: whose it is, and under which plan of status it is recorded. */
export interface PlanRef {
  readonly node: NodeRef;
  readonly planId: string;
}

/** The node is missing, is another one of its name, or is being deleted: its run ends. */
export interface NodeGone {
  readonly kind: 'gone';
}

/** The same, as a live read tells: it knows whether another node has the name. */
export interface NodeMissing extends NodeGone {
  readonly successor?: NodeRef;
}

/** Other work is due, or none. */
export interface NotDue {
  readonly kind: 'not-due';
  readonly due: DueWork;
}

/** The spec asks for another target by now: the work goes on from its beginning. */
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
  /** The stall that the caller knows of: the activity returns when it is another one, or none. */
  readonly known: Stall | undefined;
  /**
   * For how long another stall, or its end, is not worth to return for: a crash loop changes between the
   * two for days. A pod that runs its image is.
   */
  readonly patienceMs?: number;
}

/** What such a step tells while it has not ended: the caller records it, and calls the step again. */
export type StallChange =
  | { readonly kind: 'blocked'; readonly trouble: Stall }
  /** The known trouble is over and the work goes on. */
  | { readonly kind: 'unblocked' };

export interface TargetNow {
  readonly generation: number;
  readonly target: Target;
}

/** What the node owns beside its StatefulSet is rendered from its spec alone. */
export interface OwnedInput extends PlanRef {
  /** The spec generation of the attempt, at least; by default whatever is known of the node. */
  readonly generation?: number;
}
