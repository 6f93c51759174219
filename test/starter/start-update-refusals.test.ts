import { NamespaceNotFoundError } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import { ApiError } from '../../kubernetes/api/api-error.ts';
import { UserError } from '../../settings/user-error.ts';
import { startedByTemporal, unlessRefused } from '../../starter/start-update-refusals.ts';

const SERVER = 'https://10.0.0.1:6443';
const TEMPORAL = { address: 'temporal:7233', namespace: 'nodes' };

function answer(code: number, message: string): ApiError {
  return new ApiError(code, JSON.stringify({ kind: 'Status', status: 'Failure', message, code }));
}

function failing(err: Error): () => Promise<never> {
  return () => Promise.reject(err);
}

describe('what Kubernetes refuses', () => {
  it.each([
    [403, 'seinodes is forbidden: no', 'seinodes is forbidden: no; have that right granted to you'],
    [401, 'Unauthorized', `Kubernetes at ${SERVER} does not accept these credentials; log in anew`],
    [404, 'not found', `Kubernetes at ${SERVER} does not serve SeiNodes; install the CRD`],
  ])('is told at once where no other attempt mends it: %i', async (code, message, told) => {
    const asked = unlessRefused(SERVER, failing(answer(code, message)));
    await expect(asked).rejects.toThrow(UserError);
    await expect(asked).rejects.toThrow(told);
  });

  it('is left to the next attempt where that may be answered', async () => {
    const overloaded = answer(503, 'overloaded');
    await expect(unlessRefused(SERVER, failing(overloaded))).rejects.toBe(overloaded);
  });
});

describe('a run that Temporal does not take', () => {
  it.each([
    [
      new NamespaceNotFoundError('nodes'),
      'namespace nodes of Temporal at temporal:7233 does not exist; create it with npm run set-up',
    ],
    [
      Object.assign(new Error('7 PERMISSION_DENIED: no rights'), { code: 7, details: 'no rights' }),
      'namespace nodes of Temporal at temporal:7233 did not take the run: no rights; check the server',
    ],
  ])('is told with a remedy: %s', async (err, told) => {
    const started = startedByTemporal(TEMPORAL, failing(err));
    await expect(started).rejects.toThrow(UserError);
    await expect(started).rejects.toThrow(told);
  });

  it('is no matter of the server when something else failed', async () => {
    const fault = new TypeError('a fault of ours');
    await expect(startedByTemporal(TEMPORAL, failing(fault))).rejects.toBe(fault);
  });
});
