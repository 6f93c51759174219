import type { NodeRef } from '../node/node-ref.ts';
import { keyOf, nodeOfWorkflowId } from '../node/node-ref.ts';
import type { Read } from './payload.ts';
import { fieldsOf, fits, misfit, nodeRefOf, textOf } from './payload.ts';

/**
 * Reads the node and the plan in an activity's input. The workflow id alone decides the node: a run that names another
 * node than its own would be a second writer of that node.
 */
export function readActivityInput(input: unknown, workflowId: string): Read<NodeRef> {
  const owner = nodeOfWorkflowId(workflowId);
  if (owner === undefined) return misfit('that workflow id names no node');
  const { node: named, planId, workflowId: recorded } = fieldsOf(input) ?? {};
  const node = nodeRefOf(named);
  if (node === undefined) return misfit('its node has no namespace, name and uid');
  if (keyOf(node) !== keyOf(owner)) return misfit(`it is about ${keyOf(node)}`);
  if (planId !== undefined && textOf(planId) === undefined) return misfit('its planId is no id');
  if (recorded !== undefined && recorded !== workflowId) {
    return misfit('it names another workflow than the one that asks');
  }
  return fits(node);
}
