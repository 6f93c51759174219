import type { LogFields } from '../domain/logger.ts';
import { parseWorkflowId } from '../domain/run/workflow-id.ts';

/**
 * Renames the fields of a log line of Temporal's SDK to our names: `namespace` is that of Kubernetes, the object
 * comes from the workflow id, and an error goes into the field whose stack is written.
 */
export function temporalLogFields(meta: LogFields): LogFields {
  // The token is long and of no use to a reader.
  const { namespace, workflowRunId, taskToken: _, error, ...rest } = meta;
  return {
    ...rest,
    ...(namespace !== undefined && { temporalNamespace: namespace }),
    ...(typeof meta['workflowId'] === 'string' && parseWorkflowId(meta['workflowId'])?.object),
    ...(workflowRunId !== undefined && { runId: workflowRunId }),
    ...(error !== undefined && { err: error }),
  };
}
