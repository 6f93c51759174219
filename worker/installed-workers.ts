import type { Installation } from '../domain/run/task-queue.ts';
import type { ActivityContext } from './activity-interceptors.ts';
import { activityInterceptors } from './activity-interceptors.ts';
import type { NodeWorkerOptions } from './node-worker.ts';
import { ownWorkOnly } from './own-work-only.ts';
import type { TracedWorker } from './traced-worker.ts';

export interface InstalledWorkers
  extends
    Omit<NodeWorkerOptions, 'taskQueue' | 'interceptors' | 'sinks'>,
    Pick<ActivityContext, 'steps' | 'imageOf'> {
  readonly installation: Installation;
  readonly traced: TracedWorker | undefined;
}

/** Returns the options of the workers of an installation: they measure all activities, and do only their own work. */
export function installedWorkers({
  installation,
  traced,
  steps,
  imageOf,
  ...options
}: InstalledWorkers): NodeWorkerOptions {
  return {
    ...options,
    taskQueue: installation.taskQueue,
    // The trace first, so that what the others log is part of it.
    interceptors: {
      activity: [
        ...(traced ? [traced.activity] : []),
        activityInterceptors({ steps, imageOf }),
        ownWorkOnly(installation),
      ],
    },
    ...(traced && { sinks: traced.sinks }),
  };
}
