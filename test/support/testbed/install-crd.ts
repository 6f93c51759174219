import { fileURLToPath } from 'node:url';

import type { Devcluster } from '../../../devcluster/instance/devcluster.ts';
import { establishCrd } from '../../../devcluster/instance/establish-crd.ts';

export const CRD_FILE = fileURLToPath(
  new URL('../../../deploy/crd/sei.io_seinodes.yaml', import.meta.url),
);

/** Installs the CRD, and waits until SeiNodes can be created. */
export async function installCrd(cluster: Pick<Devcluster, 'kubectl'>): Promise<void> {
  await establishCrd(cluster, CRD_FILE, 'seinodes.sei.io');
}
