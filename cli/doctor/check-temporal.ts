import { KINDS } from '../../domain/run/kind-names.ts';
import { waitsTaskQueue } from '../../domain/run/node-run.ts';
import { workflowIdPrefix } from '../../domain/run/workflow-id.ts';
import { retentionDaysOf } from '../../temporal/namespace.ts';
import { findSearchAttributes } from '../../temporal/search-attributes.ts';
import type { DoctorCheck } from '../node/doctor-check.ts';
import { fail, ok, warn } from '../node/doctor-check.ts';
import { askTemporal } from '../temporal/ask-temporal.ts';
import type { OpenTemporal } from '../temporal/open-temporal.ts';
import type { QueueKind } from '../temporal/pollers.ts';
import { pollersOf } from '../temporal/pollers.ts';

export async function checkServer(temporal: OpenTemporal): Promise<DoctorCheck> {
  const { connection, address } = temporal;
  const { serverVersion } = await askTemporal(temporal, () =>
    connection.workflowService.getSystemInfo({}),
  );
  return ok('temporal', `${serverVersion || 'unknown version'} at ${address}`);
}

export async function checkNamespace(temporal: OpenTemporal): Promise<DoctorCheck> {
  const { connection, namespace } = temporal;
  const name = 'temporal namespace';
  const days = await askTemporal(temporal, () => retentionDaysOf(connection, namespace));
  return days === undefined
    ? fail(
        name,
        `${namespace} does not exist`,
        `seinode set-up --temporal-namespace ${namespace}; or check TEMPORAL_NAMESPACE`,
      )
    : ok(name, `${namespace}, keeps closed runs for ${days} days`);
}

export async function checkSearchAttributes(temporal: OpenTemporal): Promise<DoctorCheck> {
  const { connection, namespace } = temporal;
  const name = 'search attributes';
  const { missing, ofOtherType } = await askTemporal(temporal, () =>
    findSearchAttributes(connection, namespace),
  );
  if (ofOtherType.length > 0) {
    return fail(
      name,
      `${ofOtherType.join(', ')} not of type Keyword, so Temporal refuses to start any run`,
      `temporal operator search-attribute remove --namespace ${namespace} ${named(ofOtherType)}`,
    );
  }
  if (missing.length === 0) return ok(name, 'registered');
  return warn(
    name,
    `${missing.join(', ')} missing, so nobody can search runs by them`,
    `temporal operator search-attribute create --namespace ${namespace} ${named(missing, ' --type Keyword')}`,
  );
}

function named(names: readonly string[], more = ''): string {
  return names.map((name) => `--name ${name}${more}`).join(' ');
}

/** Only runs this recent count: an installation that has moved to another queue must not be warned about for days. */
const RECENT_MS = 3_600_000;

/** Checks that no runs of another cluster are on the queue: each of them would be handed to the wrong worker, too. */
export async function checkTaskQueue(
  temporal: OpenTemporal,
  { cluster, taskQueue }: { readonly cluster: string; readonly taskQueue: string },
): Promise<DoctorCheck> {
  const { client } = temporal;
  const name = 'task queue';
  const since = new Date(Date.now() - RECENT_MS).toISOString();
  const { count } = await askTemporal(temporal, () =>
    client.workflow.count(
      [
        `TaskQueue = '${taskQueue}'`,
        ...KINDS.map((kind) => `WorkflowId NOT STARTS_WITH '${workflowIdPrefix(kind, cluster)}'`),
        `(ExecutionStatus = 'Running' OR StartTime > '${since}')`,
      ].join(' AND '),
    ),
  );
  if (count === 0) return ok(name, `${taskQueue}, used by cluster ${cluster} only`);
  return warn(
    name,
    `${count} runs on ${taskQueue} are not of cluster ${cluster}: some of their tasks go to the wrong workers`,
    'set a different SEINODE_TASK_QUEUE for each installation, or none',
  );
}

/** Checks that workers poll for workflows, for steps, and for steps that wait, which have their own queue. */
export async function checkWorkers(
  temporal: OpenTemporal,
  taskQueue: string,
): Promise<DoctorCheck> {
  const name = 'workers';
  const queues: readonly (readonly [string, QueueKind])[] = [
    [taskQueue, 'workflow'],
    [taskQueue, 'activity'],
    [waitsTaskQueue(taskQueue), 'activity'],
  ];
  const pollers = await askTemporal(temporal, () =>
    Promise.all(queues.map(([queue, kind]) => pollersOf(temporal, queue, kind))),
  );
  const unattended = queues.filter((_, index) => pollers[index] === 0);
  if (unattended.length === 0) {
    return ok(name, `${pollers[0] ?? 0} poll task queue ${taskQueue}`);
  }
  const which = unattended.map(([queue, kind]) => `${queue} (${kind})`).join(', ');
  return fail(
    name,
    `no worker polls task queue ${which}`,
    'start a worker, or set --task-queue (SEINODE_TASK_QUEUE) to the queue of the workers',
  );
}
