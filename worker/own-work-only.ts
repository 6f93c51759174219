import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

import { FailureType } from '../domain/failure/failure-type.ts';
import type { KindNames } from '../domain/run/kind-names.ts';
import { KINDS } from '../domain/run/kind-names.ts';
import { misfit } from '../domain/run/payload.ts';
import { readActivityInput } from '../domain/run/read-activity-input.ts';
import type { Installation } from '../domain/run/task-queue.ts';
import { serves } from '../domain/run/task-queue.ts';
import { parseWorkflowId } from '../domain/run/workflow-id.ts';

/**
 * Refuses each activity that no run of this installation would schedule: anybody who may write to the Temporal
 * namespace can schedule one.
 *
 * An activity for an object of another installation can only come through a task queue that two installations share. It
 * is refused as retryable, so that a worker of the right installation takes it: this one would find the object gone, or
 * take another of its name for it. A workflow of no kind, and a run that asks for another object than its own, or for
 * an activity of another kind, are refused for good: the run is the lock of its object.
 */
export function ownWorkOnly(
  installation: Installation,
  kinds: readonly KindNames[] = KINDS,
): ActivityInterceptorsFactory {
  return ({ info: { activityType, workflowExecution } }) => {
    const workflowId = workflowExecution?.workflowId ?? '';
    const owner = parseWorkflowId(workflowId, kinds);
    if (owner !== undefined && !serves(installation, { ...owner.object, cluster: owner.cluster })) {
      return { inbound: { execute: () => Promise.reject(ofOthers(installation, workflowId)) } };
    }
    const isOfKind = owner !== undefined && Object.hasOwn(owner.kind.activities, activityType);
    return {
      inbound: {
        execute: async (input, next) => {
          const read = isOfKind
            ? readActivityInput(input.args[0], workflowId, owner.object)
            : misfit('runs of that workflow id never ask for it');
          if (read.kind === 'fits') return next(input);
          throw ApplicationFailure.nonRetryable(
            `${activityType} of ${workflowId} is refused: ${read.why}`,
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
