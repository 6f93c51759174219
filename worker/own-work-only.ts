import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

import { parseNodeWorkflowId } from '../domain/node-ref.ts';
import type { Installation } from '../domain/task-queue.ts';
import { servesNode } from '../domain/task-queue.ts';

/**
 * Refuses each activity for a node of another installation, which can only come by a task queue that two
 * installations share. Retryable, so that a worker of the right one takes it: here the node would be
 * taken for one that is gone, or an object of its name for its own.
 */
export function ownWorkOnly(installation: Installation): ActivityInterceptorsFactory {
  return ({ info }) => {
    const workflowId = info.workflowExecution?.workflowId ?? '';
    const node = parseNodeWorkflowId(workflowId);
    if (node === undefined || servesNode(installation, node)) return {};
    const { cluster, namespace, taskQueue } = installation;
    const served = `cluster ${cluster}${namespace === undefined ? '' : `, namespace ${namespace}`}`;
    return {
      inbound: {
        execute: () => {
          throw ApplicationFailure.retryable(
            `this worker serves ${served}; ${workflowId} is of another installation, which shares task queue ${taskQueue}: give each its own SEINODE_TASK_QUEUE, or none`,
            'OtherInstallation',
          );
        },
      },
    };
  };
}
