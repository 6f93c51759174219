import { describe } from 'vitest';

import { FakeSidecar } from './fake-sidecar.ts';
import { sidecarContract } from './sidecar-contract.ts';

describe('the double of the sidecars', () => {
  sidecarContract(async () => {
    const sidecar = new FakeSidecar();
    const ip = '10.0.0.1';
    return {
      client: sidecar,
      target: { node: { namespace: 'chain', name: 'n0' }, pod: { name: 'n0-0', ip } },
      setRuns: async (run) => {
        sidecar.runOf = () => run;
      },
      restart: async () => sidecar.restart(ip),
    };
  });
});
