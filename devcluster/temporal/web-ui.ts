import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { ensurePostgresqlBinaries } from '../binaries/ensure-binaries.ts';
import { instanceEnvironment } from '../instance/instance-processes.ts';
import type { InstanceState } from '../instance/instance-state.ts';
import { layoutOf } from '../instance/layout.ts';
import { startDaemon } from '../instance/start-daemon.ts';
import { TEMPORAL_NAMESPACE, temporalAddress, temporalUiUrl } from './address.ts';

/** Its name in a list of processes. */
export const WEB_UI = 'ui-server';

/** Starts the Web UI as a process of its own; the dev server has it within. */
export async function startWebUi(state: InstanceState): Promise<void> {
  const { webUiLog: log, temporalConfig } = layoutOf(state.name);
  const config = {
    temporalGrpcAddress: temporalAddress(state),
    host: '127.0.0.1',
    port: state.ports.temporalUi,
    enableUi: true,
    defaultNamespace: TEMPORAL_NAMESPACE,
    cors: { allowOrigins: [temporalUiUrl(state)] },
  };
  mkdirSync(temporalConfig, { recursive: true });
  writeFileSync(join(temporalConfig, `${WEB_UI}.yaml`), stringify(config));
  const { [WEB_UI]: path } = await ensurePostgresqlBinaries();
  await startDaemon(
    { path, name: WEB_UI },
    ['--root', temporalConfig, '--config', '.', '--env', WEB_UI, 'start'],
    { log, env: instanceEnvironment(state.name) },
  );
}
