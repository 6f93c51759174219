import { AsyncLocalStorage } from 'node:async_hooks';

import type { Info } from '@temporalio/activity';

import type { LogFields, Logger } from '../domain/logger.ts';
import { parseWorkflowId } from '../domain/run/workflow-id.ts';
import type { ActivityWork } from './step-of-activity.ts';

const underWay = new AsyncLocalStorage<LogFields>();

/** Runs an activity whose log lines carry the fields of its work. */
export function withActivityFields<T>(info: Info, work: ActivityWork, run: () => T): T {
  return underWay.run(fieldsOf(info, work), run);
}

/** Makes a logger whose lines carry the fields of the activity that writes them, if any. */
export function activityLogger(logger: Logger): Logger {
  const complete = (fields?: LogFields): LogFields => ({ ...underWay.getStore(), ...fields });
  return {
    debug: (message, fields) => logger.debug(message, complete(fields)),
    info: (message, fields) => logger.info(message, complete(fields)),
    warn: (message, fields) => logger.warn(message, complete(fields)),
    error: (message, fields) => logger.error(message, complete(fields)),
  };
}

function fieldsOf({ workflowExecution, attempt }: Info, { step, image }: ActivityWork): LogFields {
  const workflowId = workflowExecution?.workflowId;
  return {
    ...(workflowId !== undefined && parseWorkflowId(workflowId)?.object),
    image,
    step,
    workflowId,
    runId: workflowExecution?.runId,
    attempt,
  };
}
