import { DEV_SERVER } from '../temporal/dev-server.ts';
import { SERVER } from '../temporal/server.ts';
import { WEB_UI } from '../temporal/web-ui.ts';
import { processesOf } from './instance-processes.ts';
import type { InstanceState } from './instance-state.ts';

/** Lists the programs of an instance that should run and do not. */
export function missingPrograms(state: InstanceState): string[] {
  const running = new Set(processesOf(state.name).map(({ program }) => program));
  return programsOf(state).filter((program) => !running.has(program));
}

function programsOf({ temporalStore }: InstanceState): string[] {
  return [
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kwok-controller',
    'simulated-sidecar',
    ...temporalPrograms(temporalStore),
  ];
}

function temporalPrograms(store: InstanceState['temporalStore']): string[] {
  switch (store) {
    case 'none':
      return [];
    case 'memory':
    case 'file':
      return [DEV_SERVER];
    case 'postgres':
      return ['postgres', SERVER, WEB_UI];
  }
}
