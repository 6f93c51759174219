import { describe, expect, it } from 'vitest';

import { UserError } from '../../settings/user-error.ts';
import { readWorkerVersioning } from '../../temporal/worker-versioning.ts';

const OURS = { SEINODE_WORKER_DEPLOYMENT_NAME: 'seinode', SEINODE_WORKER_BUILD_ID: 'v1.2.3' };

describe('readWorkerVersioning', () => {
  it('has no version unless it is asked for', () => {
    expect(readWorkerVersioning({})).toBeUndefined();
  });

  it('lets open runs move to the version that is current', () => {
    expect(readWorkerVersioning(OURS)).toEqual({
      version: { deploymentName: 'seinode', buildId: 'v1.2.3' },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    });
  });

  it('takes what temporal-worker-controller gives its pods', () => {
    const env = { TEMPORAL_DEPLOYMENT_NAME: 'ops', TEMPORAL_WORKER_BUILD_ID: 'abc' };
    expect(readWorkerVersioning(env)?.version).toEqual({ deploymentName: 'ops', buildId: 'abc' });
  });

  it.for(['SEINODE_WORKER_DEPLOYMENT_NAME', 'SEINODE_WORKER_BUILD_ID'])(
    'wants both variables, not %s alone',
    (name) => {
      const read = () => readWorkerVersioning({ [name]: 'x' });
      expect(read).toThrow(UserError);
      expect(read).toThrow('set both or neither');
    },
  );

  it('refuses a name that Temporal refuses', () => {
    expect(() =>
      readWorkerVersioning({ ...OURS, SEINODE_WORKER_DEPLOYMENT_NAME: 'sei.node' }),
    ).toThrow('SEINODE_WORKER_DEPLOYMENT_NAME=sei.node: must be without dots and spaces');
  });
});
