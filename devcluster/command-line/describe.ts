import type { Devcluster } from '../instance/devcluster.ts';
import type { InstanceReport } from '../instance/find-instance.ts';
import { isOrphan } from '../instance/reserve-instance.ts';
import { residentBytes } from '../process-table.ts';
import { temporalUiUrl } from '../temporal/address.ts';

/** Describes what a person needs to use a devcluster; the last lines can be pasted into a shell. */
export function describeDevcluster(devcluster: Devcluster): string {
  return [
    `Devcluster ${devcluster.name} is up.`,
    `  Kubeconfig       ${devcluster.kubeconfigPath}`,
    `  Temporal         ${devcluster.temporalAddress}, namespace ${devcluster.namespace}`,
    `  Temporal Web UI  ${devcluster.temporalUiUrl}`,
    `  Logs             ${devcluster.logs}`,
    '',
    ...Object.entries(devcluster.env).map(([name, value]) => `export ${name}='${value}'`),
  ].join('\n');
}

/** Describes an instance in one paragraph, with what is wrong with it. */
export function describeInstance({ state, processes, missing }: InstanceReport): string {
  const megabytes = processes.reduce((sum, each) => sum + residentBytes(each), 0) / 1e6;
  const trouble = [
    ...(isOrphan(state)
      ? [`left behind by process ${state.starter.pid}; the next up erases it`]
      : []),
    ...(state.phase === 'running' && missing.length > 0
      ? [`not running: ${missing.join(', ')}`]
      : []),
  ];
  return [
    `${state.name}: ${state.phase} since ${state.startedAt}, ${state.lifetime}, ${processes.length} processes, ${Math.round(megabytes)} MB`,
    `  Temporal Web UI ${temporalUiUrl(state)}, API server https://127.0.0.1:${state.ports.kubeApiserver}`,
    ...trouble.map((line) => `  ! ${line}`),
  ].join('\n');
}
