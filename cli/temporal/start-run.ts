import type { Observation, Work } from '../../domain/work/due-work.ts';
import { resolveClusterName } from '../../process/open-cluster.ts';
import { NODE_RUNS, nodeWork } from '../../temporal/runs/node-runs.ts';
import type { SignalledRun } from '../../temporal/runs/run-client.ts';
import { createRunClient } from '../../temporal/runs/run-client.ts';
import { createSearchAttributes } from '../../temporal/runs/search-attributes.ts';
import type { Session } from '../shell/session.ts';
import { askTemporal } from './ask-temporal.ts';
import { openTemporal } from './open-temporal.ts';
import { taskQueueFor } from './task-queue.ts';

/** The watcher logs what the namespace lacks; the run is no worse for it. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

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
    const searchAttributes = createSearchAttributes(temporal, temporal.namespace, SILENT);
    await searchAttributes.register();
    const options = { link: temporal, cluster, taskQueue, searchAttributes };
    const runs = createRunClient(NODE_RUNS, options);
    const work = nodeWork(observation, due);
    return await askTemporal(temporal, () => runs.startOrSignal(node, work, 'change'));
  } finally {
    await temporal.close();
  }
}
