import type { ObjectKey } from '../domain/node-ref.ts';

/** `seinode/<cluster>/<namespace>/<name>`, none of whose parts may hold a slash. */
const NODE_WORKFLOW_ID = /^seinode\/[^/]+\/(?<namespace>[^/]+)\/(?<name>[^/]+)$/;

/** The node that a workflow id names; undefined for an id that is none of ours. */
export function nodeOfWorkflow(workflowId: string): ObjectKey | undefined {
  const { namespace, name } = NODE_WORKFLOW_ID.exec(workflowId)?.groups ?? {};
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
