import type { NodeRef, ObjectKey } from '../node/node-ref.ts';
import { keyOf } from '../node/node-ref.ts';
import type { Read } from './payload.ts';
import { fieldsOf, fits, misfit, nodeRefOf, textOf } from './payload.ts';

/**
 * Reads the object and the plan in an activity's input. The workflow id alone decides the object: a run that names
 * another object than its own would be a second writer of that object.
 *
 * @param owner the object of that workflow id
 */
export function readActivityInput(
  input: unknown,
  workflowId: string,
  owner: ObjectKey,
): Read<NodeRef> {
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
