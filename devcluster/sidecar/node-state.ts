import type { Fault } from './fault.ts';
import type { Task } from './task.ts';

/** The simulator's knowledge of a node's sidecar, as its admin API shows it. */
export interface NodeState {
  readonly faults: readonly Fault[];
  /** Undefined while the node has no pod. */
  readonly pod?: {
    readonly name: string;
    readonly uid: string;
    readonly ip?: string;
  };
  /** Undefined while the sidecar's container does not run. */
  readonly sidecar?: {
    readonly ready: boolean;
    readonly restartCount: number;
    /** All tasks on the volume, oldest first. */
    readonly tasks: readonly Task[];
  };
}
