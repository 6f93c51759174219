import { keyOf, nodeOfWorkflowId, nodeWorkflowId } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { resolveClusterName } from '../../process/open-cluster.ts';
import type { Session } from '../shell/session.ts';

/**
 * The id under which all work on the node runs. A node that was worked on before tells it; only for
 * another one is the cluster's name needed, which not everybody may derive. So it is for a status that names
 * another node's run: whoever may write status may not choose which node a person steers.
 */
export async function workflowIdOf(
  { settings, kubernetes }: Pick<Session, 'settings' | 'kubernetes'>,
  node: SeiNode,
): Promise<string> {
  const recorded = node.status?.plan?.workflowId;
  const owner = recorded === undefined ? undefined : nodeOfWorkflowId(recorded);
  if (recorded !== undefined && owner !== undefined && keyOf(owner) === keyOf(node.metadata)) {
    return recorded;
  }
  return nodeWorkflowId(await resolveClusterName(settings, kubernetes), node.metadata);
}
