import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

import { FailureType } from '../domain/failure/failure-type.ts';
import { parseNodeWorkflowId } from '../domain/node/node-ref.ts';
import { readActivityInput } from '../domain/run/read-activity-input.ts';
import type { Installation } from '../domain/run/task-queue.ts';
import { servesNode } from '../domain/run/task-queue.ts';

/**
 * Refuses each activity that no run of this installation would schedule: anybody who may write to the Temporal
 * namespace can schedule one.
 *
 * An activity for a node of another installation can only come through a task queue that two installations share. It is
 * refused as retryable, so that a worker of the right installation takes it: this one would find the node gone, or take
 * an object of its name for its own. A workflow that is not of a node, and a run that asks for another node than its
 * own, are refused for good: the run is the lock of its node.
 */
export function ownWorkOnly(installation: Installation): ActivityInterceptorsFactory {
  return ({ info }) => {
    const workflowId = info.workflowExecution?.workflowId ?? '';
    const node = parseNodeWorkflowId(workflowId);
    if (node !== undefined && !servesNode(installation, node)) {
      return { inbound: { execute: () => Promise.reject(ofOthers(installation, workflowId)) } };
    }
    return {
      inbound: {
        execute: async (input, next) => {
          const read = readActivityInput(input.args[0], workflowId);
          if (read.kind === 'fits') return next(input);
          throw ApplicationFailure.nonRetryable(
            `${info.activityType} of ${workflowId} is refused: ${read.why}`,
            FailureType.InvalidInput,
          );
        },
      },
    };
  };
}

function ofOthers(installation: Installation, workflowId: string): ApplicationFailure {
  const { cluster, namespaces, taskQueue } = installation;
  const only = namespaces === undefined ? '' : `, namespace ${namespaces.join(' or ')}`;
  const served = `cluster ${cluster}${only}`;
  return ApplicationFailure.retryable(
    `this worker serves ${served}; ${workflowId} is of another installation, which shares task queue ${taskQueue}: give each its own SEINODE_TASK_QUEUE, or none`,
    'OtherInstallation',
  );
}
