import { describe, onTestFinished } from 'vitest';

import type { Fault } from '../../../devcluster/sidecar/fault.ts';
import { createSidecarClient } from '../../../sidecar/sidecar-client.ts';
import { sidecarContract } from '../../support/cluster/sidecar-contract.ts';
import { aPod } from './a-pod.ts';
import { runSidecars } from './running-sidecars.ts';

describe('the simulated sidecar over HTTP', () => {
  sidecarContract(async () => {
    const sidecars = await runSidecars();
    onTestFinished(() => sidecars.close());
    const pod = aPod();
    sidecars.fleet.seen(pod);
    const node = { namespace: 'chain', name: 'n0' };
    return {
      client: createSidecarClient({ addressTemplate: `http://{podIP}:${sidecars.port}` }),
      target: { node, pod: { name: pod.metadata.name, ip: pod.status.podIP } },
      setRuns: async ({ durationMs, error }) => {
        const faults: Fault[] = [];
        if (durationMs > 0) faults.push({ kind: 'slow-task', durationMs });
        if (error !== undefined) faults.push({ kind: 'task-fails', error });
        await sidecars.admin.setFaults(node, ...faults);
      },
      restart: () => sidecars.admin.restart(node),
    };
  });
});
