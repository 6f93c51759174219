import { fileURLToPath } from 'node:url';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';

const CRD_FILE = fileURLToPath(new URL('../../deploy/crd/sei.io_seinodes.yaml', import.meta.url));

/** Installs the CRD as a user does, and waits until SeiNodes can be created. */
export async function installCrd({ kubectl }: Pick<Devcluster, 'kubectl'>): Promise<void> {
  await kubectl(['apply', '-f', CRD_FILE]);
  await kubectl(['wait', '--for=condition=Established', 'crd/seinodes.sei.io']);
}
