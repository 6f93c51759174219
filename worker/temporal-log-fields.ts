import type { LogFields } from '../domain/logger.ts';
import { nodeOfWorkflowId } from '../domain/node-ref.ts';

/**
 * The fields of a line of Temporal's SDK under the names that our own lines have: `namespace` is of
 * Kubernetes, the node comes from the workflow id, and an error stands where its stack is written.
 */
export function temporalLogFields(meta: LogFields): LogFields {
  // The token is long, and nobody can do anything with it.
  const { namespace, workflowRunId, taskToken: _, error, ...rest } = meta;
  return {
    ...rest,
    ...(namespace !== undefined && { temporalNamespace: namespace }),
    ...(typeof meta['workflowId'] === 'string' && nodeOfWorkflowId(meta['workflowId'])),
    ...(workflowRunId !== undefined && { runId: workflowRunId }),
    ...(error !== undefined && { err: error }),
  };
}
