import type { Observation, Work } from '../../domain/work/due-work.ts';
import { resolveClusterName } from '../../process/open-cluster.ts';
import { NODE_RUNS, nodeWork } from '../../temporal/runs/node-runs.ts';
import type { SignalledRun } from '../../temporal/runs/run-client.ts';
import type { Session } from '../shell/session.ts';
import { askTemporal } from './ask-temporal.ts';
import { openTemporal } from './open-temporal.ts';
import { runsOf } from './runs-of.ts';
import { taskQueueFor } from './task-queue.ts';

/**
 * Starts a run for the node's due work as the watcher does, or signals the open one.
 *
 * @throws {CliError} when Temporal does not answer, or refuses the run
 */
export async function startRun(
  session: Session,
  observation: Observation,
  due: Work,
): Promise<SignalledRun> {
  const { settings, kubernetes } = session;
  const temporal = await openTemporal(session, settings.connectTimeoutSeconds);
  try {
    const { node } = observation;
    const cluster = await resolveClusterName(settings, kubernetes);
    const { namespace } = node.metadata;
    const taskQueue = await taskQueueFor(temporal, settings, { cluster, namespace });
    const runs = await runsOf(NODE_RUNS, temporal, { cluster, taskQueue });
    const work = nodeWork(observation, due);
    return await askTemporal(temporal, () => runs.startOrSignal(node, work, 'change'));
  } finally {
    await temporal.close();
  }
}
