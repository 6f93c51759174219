import { Command } from 'commander';

import { resolveClusterName } from '../../process/open-cluster.ts';
import { checkCustomResource } from '../doctor/check-custom-resource.ts';
import { checkKubernetes } from '../doctor/check-kubernetes.ts';
import { checkRights } from '../doctor/check-rights.ts';
import { checkPlatform, checkServed, checkSidecar } from '../doctor/check-settings.ts';
import { checkWatcher } from '../doctor/check-watcher.ts';
import type { DoctorCheck } from '../node/doctor-check.ts';
import { fail, hasFailure, warn } from '../node/doctor-check.ts';
import { doctorScreen } from '../screens/doctor-screen.ts';
import { ExitCode } from '../shell/exit-code.ts';
import { explainError } from '../shell/explain-error.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import type { OpenTemporal } from '../temporal/open-temporal.ts';
import type { Runner } from './runner.ts';

export function doctorCommand(run: Runner): Command {
  return new Command('doctor')
    .description('check Kubernetes, Temporal, rights and workers, with a remedy for each problem')
    .action(run(doctor));
}

async function doctor(session: Session): Promise<ExitCode> {
  const { terminal, output, settings, namespace, allNamespaces } = session;
  const [kubernetes, temporal] = await Promise.all([
    kubernetesChecks(session),
    temporalChecks(session),
  ]);
  const checks = [
    ...kubernetes,
    ...temporal,
    ...checkServed(settings, allNamespaces ? undefined : namespace),
    checkSidecar(settings),
    checkPlatform(),
  ];
  terminal.print(
    isStructured(output)
      ? structured({ items: checks }, output)
      : doctorScreen(checks, terminal.palette),
  );
  return hasFailure(checks) ? ExitCode.failed : ExitCode.done;
}

async function kubernetesChecks(session: Session): Promise<readonly DoctorCheck[]> {
  const { kubernetes, allNamespaces, namespace } = session;
  const reached = await checkKubernetes(kubernetes);
  // Every other question to a server that does not answer would say the same.
  if (reached.verdict === 'fail') return [reached];
  const [resource, rights, watcher] = await Promise.all([
    checkCustomResource(kubernetes),
    checkRights(kubernetes, allNamespaces ? undefined : namespace),
    checkWatcher(session),
  ]);
  return [reached, resource, ...rights, watcher];
}

async function temporalChecks(session: Session): Promise<readonly DoctorCheck[]> {
  const [{ openTemporal }, checks] = await Promise.all([
    import('../temporal/open-temporal.ts'),
    import('../doctor/check-temporal.ts'),
  ]);
  const unreachable = (err: unknown): readonly DoctorCheck[] => {
    const { message } = explainError(err, undefined);
    return [
      fail(
        'temporal',
        message,
        'until it answers, use list, status, watch, history, set-image and diff, which need no Temporal',
      ),
    ];
  };
  let temporal;
  try {
    temporal = await openTemporal(session);
  } catch (err) {
    return unreachable(err);
  }
  try {
    const server = await checks.checkServer(temporal);
    const namespace = await checks.checkNamespace(temporal);
    if (namespace.verdict === 'fail') return [server, namespace];
    const more = [
      () => checks.checkSearchAttributes(temporal),
      () => queueChecks(session, temporal),
    ];
    return [server, namespace, ...(await Promise.all(more.map(orWarning))).flat()];
  } catch (err) {
    return unreachable(err);
  } finally {
    await temporal.close();
  }
}

async function queueChecks(
  { settings, kubernetes, namespace }: Session,
  temporal: OpenTemporal,
): Promise<readonly DoctorCheck[]> {
  const [{ checkTaskQueue, checkWorkers }, { taskQueueFor }] = await Promise.all([
    import('../doctor/check-temporal.ts'),
    import('../temporal/task-queue.ts'),
  ]);
  const cluster = await resolveClusterName(settings, kubernetes);
  const taskQueue = await taskQueueFor(temporal, settings, { cluster, namespace });
  return Promise.all([
    checkWorkers(temporal, taskQueue),
    checkTaskQueue(temporal, { cluster, taskQueue }),
  ]);
}

/** Warns only: the operator works without what this account may not ask of Temporal or Kubernetes. */
async function orWarning(
  check: () => Promise<DoctorCheck | readonly DoctorCheck[]>,
): Promise<DoctorCheck | readonly DoctorCheck[]> {
  try {
    return await check();
  } catch (err) {
    const { message } = explainError(err, undefined);
    return warn('temporal', message, 'use an account that may read the namespace');
  }
}
