import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { CredentialSource } from '../../../kubernetes/api/credential-source.ts';
import { createCredentialSource } from '../../../kubernetes/api/credential-source.ts';

let loads: number;
let reads: number;
let fails: boolean;
let source: CredentialSource;

beforeEach(() => {
  vi.useFakeTimers();
  loads = 0;
  reads = 0;
  fails = false;
  source = createCredentialSource(() => {
    loads += 1;
    return async () => {
      reads += 1;
      if (fails) throw new Error('no such file');
      return { headers: { authorization: `${loads}/${reads}` }, route: { tls: {}, proxyUrl: '' } };
    };
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const current = async () => (await source.current()).headers['authorization'];

describe('createCredentialSource', () => {
  it('keeps what it has read for ten seconds', async () => {
    expect(await current()).toBe('1/1');
    vi.advanceTimersByTime(9_999);
    expect(await current()).toBe('1/1');
    vi.advanceTimersByTime(1);
    expect(await current()).toBe('1/2');
  });

  it('reads once for calls at the same time', async () => {
    expect(await Promise.all([current(), current()])).toEqual(['1/1', '1/1']);
  });

  it('does not keep a failure', async () => {
    fails = true;
    await expect(current()).rejects.toThrow('no such file');
    fails = false;
    expect(await current()).toBe('1/2');
  });

  it('loads again after a refusal, though not at once after the last time', async () => {
    await current();
    source.refused();
    expect(await current()).toBe('1/1');
    vi.advanceTimersByTime(10_000);
    expect(await current()).toBe('2/2');
    source.refused();
    vi.advanceTimersByTime(9_999);
    await current();
    expect(loads).toBe(2);
    vi.advanceTimersByTime(1);
    await current();
    expect(loads).toBe(3);
  });

  it('does not load again without a refusal', async () => {
    await current();
    vi.advanceTimersByTime(3_600_000);
    await current();
    expect(loads).toBe(1);
  });
});
