import { beforeEach, describe, expect, it } from 'vitest';

import type { IssuedToken } from '../../sidecar/issued-tokens.ts';
import { createIssuedTokens } from '../../sidecar/issued-tokens.ts';
import type { SidecarTokens } from '../../sidecar/sidecar-tokens.ts';

const LIFETIME = 600;
const ONE = 'seinodetasks.sei.io/ns/one';

let nowMs: number;
let issued: (string | undefined)[];
let issue: (audience: string | undefined) => Promise<IssuedToken>;
let tokens: SidecarTokens;
beforeEach(() => {
  nowMs = 0;
  issued = [];
  issue = async () => ({ token: `token ${issued.length}`, lifetimeSeconds: LIFETIME });
  tokens = createIssuedTokens(
    (audience) => {
      issued.push(audience);
      return issue(audience);
    },
    () => nowMs,
  );
});

describe('issued tokens', () => {
  it('are asked for once for each audience, also by calls at the same time', async () => {
    const [first, again] = await Promise.all([tokens.tokenFor(ONE), tokens.tokenFor(ONE)]);
    expect(again).toBe(first);
    expect(await tokens.tokenFor(ONE)).toBe(first);
    expect(await tokens.tokenFor(undefined)).not.toBe(first);
    expect(issued).toEqual([ONE, undefined]);
  });

  it('are replaced before they end', async () => {
    const first = await tokens.tokenFor(ONE);
    nowMs = 449_000;
    expect(await tokens.tokenFor(ONE)).toBe(first);
    nowMs = 450_000;
    expect(await tokens.tokenFor(ONE)).not.toBe(first);
  });

  it('last as long as they were given, from when they were asked for', async () => {
    issue = async () => {
      nowMs = 100_000;
      return { token: 'slow', lifetimeSeconds: 200 };
    };
    await tokens.tokenFor(ONE);
    nowMs = 151_000;
    await tokens.tokenFor(ONE);
    expect(issued).toHaveLength(2);
  });

  it('are requested again after a refusal, and after a request that failed', async () => {
    await tokens.tokenFor(ONE);
    tokens.refused(ONE);
    issue = () => Promise.reject(new Error('no'));
    await expect(tokens.tokenFor(ONE)).rejects.toThrow('no');
    issue = async () => ({ token: 'new', lifetimeSeconds: LIFETIME });
    expect(await tokens.tokenFor(ONE)).toBe('new');
    expect(issued).toHaveLength(3);
  });
});
