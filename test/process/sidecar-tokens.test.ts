import { beforeEach, describe, expect, it } from 'vitest';

import { ApiError } from '../../kubernetes/api/api-error.ts';
import type { ApiRequest } from '../../kubernetes/api/client.ts';
import { createSidecarTokens } from '../../process/sidecar-tokens.ts';
import { UserError } from '../../settings/user-error.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';

const NODE_AUDIENCE = 'seinodetasks.sei.io/ns/n0';
const NEITHER = { sidecarAccount: undefined, sidecarTokenFile: undefined };

let sent: ApiRequest[];
let answer: () => unknown;
beforeEach(() => {
  sent = [];
  answer = () => ({ spec: { expirationSeconds: 600 }, status: { token: 'secret' } });
});

const connection = {
  namespace: 'own',
  send: async (request: ApiRequest): Promise<unknown> => {
    sent.push(request);
    return answer();
  },
};
const withAccount = (sidecarAccount: string) =>
  createSidecarTokens({ ...NEITHER, sidecarAccount }, connection);
const refuse = (code: number, status: object) => () => {
  throw new ApiError(code, JSON.stringify(status));
};
const MISSING = refuse(404, {
  message: 'serviceaccounts "client" not found',
  details: { name: 'client' },
});

describe('the tokens for sidecars', () => {
  it('are made of the account, for the audience, for ten minutes', async () => {
    const tokens = await withAccount('client');
    sent = [];
    expect(await tokens?.tokenFor(NODE_AUDIENCE)).toBe('secret');
    expect(await tokens?.tokenFor(undefined)).toBe('secret');
    const spec = { expirationSeconds: 600 };
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/api/v1/namespaces/own/serviceaccounts/client/token',
        body: { spec: { ...spec, audiences: [NODE_AUDIENCE] } },
      },
      { body: { spec } },
    ]);
    expect(sent[1]?.body).not.toHaveProperty('spec.audiences');
  });

  it('are of an account in another namespace, if one is named', async () => {
    await withAccount('system/client');
    expect(sent[0]?.path).toBe('/api/v1/namespaces/system/serviceaccounts/client/token');
  });

  it('are none where the settings name none', async () => {
    expect(await createSidecarTokens(NEITHER, connection)).toBeUndefined();
    expect(sent).toEqual([]);
  });

  it('have one source', async () => {
    const both = { sidecarAccount: 'client', sidecarTokenFile: '/token' };
    await expect(createSidecarTokens(both, connection)).rejects.toThrow(UserError);
  });

  it.each([
    ['is not there', MISSING, 'create ServiceAccount client in namespace own'],
    [
      'gives us none',
      refuse(403, { message: 'forbidden: no' }),
      'let this process create serviceaccounts/token of client in namespace own',
    ],
  ])('end the process at its start if the account %s', async (_, refusal, remedy) => {
    answer = refusal;
    const refused = withAccount('client');
    await expect(refused).rejects.toThrow(remedy);
    await expect(refused).rejects.toThrow(UserError);
  });

  it('are a trouble with the sidecar if the account is taken away later', async () => {
    const tokens = await withAccount('client');
    answer = MISSING;
    const error: unknown = await tokens?.tokenFor(undefined).catch((err: unknown) => err);
    expect(error).toBeInstanceOf(SidecarError);
    expect(error).toMatchObject({
      failure: { kind: 'no-token' },
      message: expect.stringContaining('serviceaccounts "client" not found; create') as string,
    });
  });

  it('are waited for while the API server does not answer', async () => {
    answer = refuse(503, { message: 'busy' });
    const tokens = await withAccount('client');
    await expect(tokens?.tokenFor(undefined)).rejects.toThrow(ApiError);
    answer = () => ({ status: { token: 'late' } });
    expect(await tokens?.tokenFor(undefined)).toBe('late');
  });
});
