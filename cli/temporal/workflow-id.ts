import { nodeWorkflowId } from '../../domain/node-ref.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import { resolveClusterName } from '../../runtime/open-cluster.ts';
import type { Session } from '../edge/session.ts';

/**
 * The id under which all work on the node runs. A node that was worked on before tells it; only for
 * another one is the cluster's name needed, which not everybody may derive.
 */
export async function workflowIdOf(
  { settings, kubernetes }: Pick<Session, 'settings' | 'kubernetes'>,
  node: SeiNode,
): Promise<string> {
  const recorded = node.status?.plan?.workflowId;
  if (recorded !== undefined) return recorded;
  return nodeWorkflowId(await resolveClusterName(settings, kubernetes), node.metadata);
}
