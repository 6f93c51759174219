import { describe, expect, it } from 'vitest';

import { checkRights } from '../../../cli/doctor/check-rights.ts';
import type { ApiRequest, KubernetesConnection } from '../../../kubernetes/api/client.ts';

interface Asked {
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string;
}

/** Makes an API server that grants what a test says. */
function serverThat(grants: (asked: Asked) => boolean) {
  const asked: Asked[] = [];
  const send = ({ body }: ApiRequest) => {
    const { spec } = body as { spec: { resourceAttributes: Asked } };
    asked.push(spec.resourceAttributes);
    return Promise.resolve({ status: { allowed: grants(spec.resourceAttributes) } });
  };
  return { asked, kubernetes: { server: 'https://here', send } as unknown as KubernetesConnection };
}

describe('the check of rights', () => {
  it('is well where all are granted, in the namespace that it is about', async () => {
    const { asked, kubernetes } = serverThat(() => true);
    const verdicts = (await checkRights(kubernetes, 'rpc')).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['ok', 'ok']);
    expect(new Set(asked.map(({ namespace }) => namespace))).toEqual(new Set(['rpc']));
  });

  it('fails without a right to see, and names it', async () => {
    const { kubernetes } = serverThat(({ resource }) => resource !== 'events');
    const [see] = await checkRights(kubernetes, undefined);
    expect(see).toMatchObject({
      verdict: 'fail',
      found: 'you may not list events, watch events in all namespaces',
    });
  });

  it('warns without a right to change, since one may be there to look only', async () => {
    const { kubernetes } = serverThat(({ verb }) => verb !== 'patch');
    const [see, change] = await checkRights(kubernetes, 'rpc');
    expect(see?.verdict).toBe('ok');
    expect(change).toMatchObject({
      verdict: 'warn',
      found: expect.stringContaining('patch seinodes') as string,
    });
  });

  it('warns where nobody can say', async () => {
    const send = () => Promise.reject(new Error('connection reset'));
    const kubernetes = { server: 'https://here', send } as unknown as KubernetesConnection;
    expect(await checkRights(kubernetes, 'rpc')).toMatchObject([{ verdict: 'warn' }]);
  });
});
