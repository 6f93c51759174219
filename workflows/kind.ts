import type { NodeMissing, PlanRef } from '../activities/contract/plan.ts';
import type { NodeRef } from '../domain/node/node-ref.ts';
import type { Hold } from '../domain/node/sei-node-status.ts';
import type { ShownStall, Stall } from '../domain/node/stall.ts';
import type { Command, SteeringResult } from '../domain/plan/steering.ts';
import type { KindNames } from '../domain/run/kind-names.ts';

/** The due work of an object, with what the driver needs to know of it. */
export type Due =
  | NodeMissing
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'held'; readonly hold: Hold }
  | { readonly kind: 'failed'; readonly why: string }
  | {
      readonly kind: 'work';
      /** The workflow type. */
      readonly type: string;
      /** True if somebody holds the object, and this is all that may be done meanwhile. */
      readonly servesUnderHold: boolean;
      /** True if the object is being deleted: no hold and no failure prevents that work. */
      readonly deletes: boolean;
      /** Describes who disagrees if this work is due again right after it was done. */
      readonly again: () => string;
    };

/** The spec's generation, at least. */
export interface Generation {
  readonly generation: number;
}

/** A kind of object with runs, as inbox, display, steering and driver know it. */
export interface Kind<D, Now extends Generation = Generation> {
  readonly names: KindNames;
  /** The workflow type that first asks what is due. */
  readonly first: string;
  readonly steps: {
    recordStall(
      input: PlanRef & {
        readonly trouble: ShownStall | undefined;
        readonly exceeded?: Stall | undefined;
      },
    ): Promise<void>;
    steer(
      input: PlanRef & { readonly command: Command; readonly by: 'somebody' },
    ): Promise<NodeMissing | SteeringResult>;
  };
  readonly decisions: {
    decideDueWork(input: {
      readonly node: NodeRef;
      readonly told: string;
    }): Promise<NodeMissing | D>;
    readTarget(input: {
      readonly node: NodeRef;
      readonly atLeastGeneration: number;
    }): Promise<Now | undefined>;
  };
  dueOf(due: NodeMissing | D): Due;
}
