import type { NodeActivities } from '../../../activities/contract/activities.ts';
import type { FleetNode } from '../fleet/fleet-node.ts';
import type { BadImage } from './bad-images.ts';
import { BAD, spoil, untilStalled } from './bad-images.ts';

/** Where the run is when somebody intervenes. */
export interface Moment {
  /** Of the step. */
  readonly name: string;
  /** Whether the step waits for something in the cluster: then it ends when it is cancelled. */
  readonly waits: boolean;
  /** Whether the pod of the old image is gone by then. */
  readonly isPastReplacement: boolean;
  /** Sets the bad image and resolves once the run is there; returns what lets it go on. */
  reach(node: FleetNode, bad: BadImage): Promise<() => void>;
}

export const MOMENTS: readonly Moment[] = [
  { name: 'begin', waits: false, isPastReplacement: false, reach: heldAt('beginUpdate') },
  {
    name: 'apply-statefulset',
    waits: false,
    isPastReplacement: false,
    reach: heldAt('applyStatefulSet'),
  },
  { name: 'apply-service', waits: false, isPastReplacement: false, reach: heldAt('applyService') },
  { name: 'replace-pod', waits: true, isPastReplacement: false, reach: heldAt('replacePod') },
  {
    name: 'observe-image',
    waits: true,
    isPastReplacement: true,
    reach: async (node, bad) => {
      spoil(node, bad);
      node.edit({ image: BAD });
      await untilStalled(node, bad);
      return () => undefined;
    },
  },
  {
    name: 'mark-ready',
    waits: true,
    isPastReplacement: true,
    reach: async (node, bad) => {
      const hold = node.hold('markReady');
      node.edit({ image: BAD });
      await hold.reached;
      // The image came up, but its pod is lost before its sidecar is ready, and the next does not.
      spoil(node, bad);
      await node.evict();
      return () => hold.release();
    },
  },
];

/** Held where the activity begins, before it has read or written anything. */
function heldAt(name: keyof NodeActivities): Moment['reach'] {
  return async (node, bad) => {
    spoil(node, bad);
    const hold = node.hold(name);
    node.edit({ image: BAD });
    await hold.reached;
    return () => hold.release();
  };
}
