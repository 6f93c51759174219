import { keyOf } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { NODE_NAMES } from '../../domain/run/kind-names.ts';
import { nodeWorkflowId, parseWorkflowId } from '../../domain/run/workflow-id.ts';
import { resolveClusterName } from '../../process/open-cluster.ts';
import type { Session } from '../shell/session.ts';

/**
 * Returns the id of all runs of the node. The status of a node that has had a run names it. Any other node needs the
 * cluster's name, which not everybody may derive; so does a status that names another node's run, because whoever may
 * write status may not choose the node that a person steers.
 */
export async function workflowIdOf(
  { settings, kubernetes }: Pick<Session, 'settings' | 'kubernetes'>,
  node: SeiNode,
): Promise<string> {
  const recorded = node.status?.plan?.workflowId;
  const owner = parseWorkflowId(recorded ?? '', [NODE_NAMES])?.object;
  if (recorded !== undefined && owner !== undefined && keyOf(owner) === keyOf(node.metadata)) {
    return recorded;
  }
  return nodeWorkflowId(await resolveClusterName(settings, kubernetes), node.metadata);
}
