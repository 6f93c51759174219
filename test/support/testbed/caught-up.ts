import type { ObjectKey } from '../../../domain/node/node-ref.ts';
import type { NodePods } from './node-pods.ts';
import { podNameOf } from './node-pods.ts';
import type { NodeRuns } from './node-runs.ts';
import type { NodeStatefulSets } from './node-stateful-sets.ts';
import type { SeiNodes } from './sei-nodes.ts';

interface Views {
  readonly nodes: SeiNodes;
  readonly pods: NodePods;
  readonly statefulSets: NodeStatefulSets;
  readonly runs: NodeRuns;
}

/** Makes each wait for a node or a run wait for all watches, too: each of these is behind by a time of its own. */
export function caughtUp({
  nodes,
  pods,
  statefulSets,
  runs,
}: Views): Pick<Views, 'nodes' | 'runs'> {
  const after = async <T>(node: string, waited: Promise<T>): Promise<T> => {
    const found = await waited;
    await Promise.all([
      nodes.untilCaughtUp(node),
      pods.untilCaughtUp(podNameOf(node)),
      statefulSets.untilCaughtUp(node),
    ]);
    return found;
  };
  return {
    nodes: {
      ...nodes,
      createRunning: (name, image, deadlineMs) =>
        after(name, nodes.createRunning(name, image, deadlineMs)),
      untilSettledOn: (name, image, deadlineMs) =>
        after(name, nodes.untilSettledOn(name, image, deadlineMs)),
      untilGone: (node, deadlineMs) => after(node.metadata.name, nodes.untilGone(node, deadlineMs)),
    },
    runs: {
      ...runs,
      closed: (node: ObjectKey) => after(node.name, runs.closed(node)),
      worked: (node: ObjectKey) => after(node.name, runs.worked(node)),
      rolls: (node: ObjectKey) => after(node.name, runs.rolls(node)),
    },
  };
}
