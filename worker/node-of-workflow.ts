import type { ObjectKey } from '../domain/node-ref.ts';
import { parseNodeWorkflowId } from '../domain/node-ref.ts';

/** The node that a workflow id names; undefined for an id that is none of ours. */
export function nodeOfWorkflow(workflowId: string): ObjectKey | undefined {
  const parsed = parseNodeWorkflowId(workflowId);
  return parsed && { namespace: parsed.namespace, name: parsed.name };
}
