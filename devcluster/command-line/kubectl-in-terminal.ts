import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';

import { ensureBinaries } from '../binaries/ensure-binaries.ts';
import { readInstanceState } from '../instance/instance-state.ts';
import { layoutOf } from '../instance/layout.ts';

/**
 * Runs kubectl against an instance with this terminal and the user's own environment, so that `edit`, `-i` and plugins
 * work.
 *
 * @returns its exit code
 */
export async function kubectlInTerminal(name: string, args: readonly string[]): Promise<number> {
  if (readInstanceState(name)?.phase !== 'running') {
    throw new Error(
      `There is no running devcluster ${name}; npm run devcluster -- --name ${name} up`,
    );
  }
  const { directory, kubeconfig } = layoutOf(name);
  const { kubectl } = await ensureBinaries();
  const child = spawn(kubectl, args, {
    env: {
      ...process.env,
      KUBECONFIG: kubeconfig,
      KUBECACHEDIR: join(directory, '.kube', 'cache'),
    },
    stdio: 'inherit',
  });
  // Ctrl-C reaches kubectl too, which decides what to do.
  process.on('SIGINT', () => undefined);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
