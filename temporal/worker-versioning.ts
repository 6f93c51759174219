import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { z } from 'zod';

import type { Environment } from '../settings/environment.ts';
import { parseEnvironment } from '../settings/environment.ts';
import { UserError } from '../settings/user-error.ts';

const name = z
  .string()
  .regex(/^[^.\s]{1,255}$/, 'must be without dots and spaces')
  .optional();
const buildId = z
  .string()
  .regex(/^\S{1,255}$/, 'must be without spaces')
  .optional();

/** The source of docs/configuration.md. */
export const versionVariables = z.object({
  SEINODE_WORKER_DEPLOYMENT_NAME: name.describe(
    "Name of the worker's deployment in Temporal. Set together with the build id, or not at all.",
  ),
  SEINODE_WORKER_BUILD_ID: buildId.describe('Version of the worker in that deployment.'),
  // Set by temporal-worker-controller on the pods that it makes.
  TEMPORAL_DEPLOYMENT_NAME: name.describe(
    'Stands in for `SEINODE_WORKER_DEPLOYMENT_NAME` if that is not set; temporal-worker-controller sets it.',
  ),
  TEMPORAL_WORKER_BUILD_ID: buildId.describe(
    'Stands in for `SEINODE_WORKER_BUILD_ID` if that is not set.',
  ),
});

/**
 * Reads the version of this worker in the worker deployments of Temporal; undefined for a worker that is part of none,
 * which is the default: a versioned worker gets no work until its version is made current.
 *
 * Runs move to the current version at their next task. Pinned runs would stay with their version, and a node that is
 * stalled for weeks would keep old workers alive that long; histories of released versions replay, so pinning gains
 * nothing.
 *
 * @throws {UserError} when one of the two variables is missing
 */
export function readWorkerVersioning(env: Environment): WorkerDeploymentOptions | undefined {
  const values = parseEnvironment(versionVariables, env);
  const deploymentName = values.SEINODE_WORKER_DEPLOYMENT_NAME ?? values.TEMPORAL_DEPLOYMENT_NAME;
  const build = values.SEINODE_WORKER_BUILD_ID ?? values.TEMPORAL_WORKER_BUILD_ID;
  if (deploymentName === undefined && build === undefined) return undefined;
  if (deploymentName === undefined || build === undefined) {
    throw new UserError(
      'worker versioning needs both SEINODE_WORKER_DEPLOYMENT_NAME and SEINODE_WORKER_BUILD_ID; set both or neither',
    );
  }
  return {
    version: { deploymentName, buildId: build },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'AUTO_UPGRADE',
  };
}
