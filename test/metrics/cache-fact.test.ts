import { describe, expect, it } from 'vitest';

import { cacheFact } from '../../metrics/cache-fact.ts';

function cacheOf(staleMs: number, unsynced: readonly ('pods' | 'services')[] = []) {
  return {
    hasSynced: () => unsynced.length === 0,
    health: () =>
      (['seinodes', 'pods', 'services'] as const).map((resource) => ({
        resource,
        hasSynced: !unsynced.some((one) => one === resource),
        lastContactAt: undefined,
      })),
    staleMs: () => staleMs,
  };
}

describe('cacheFact', () => {
  it('holds while every watch is heard within three minutes', () => {
    expect(cacheFact(cacheOf(179_000)).failing()).toBeUndefined();
  });

  it('fails when one was not heard for longer', () => {
    expect(cacheFact(cacheOf(200_000)).failing()).toBe('the API server was not heard for 200 s');
  });

  it('names the namespace of what is missing, where several are served', () => {
    const missing = { hasSynced: false, lastContactAt: undefined };
    const health = () => [{ resource: 'pods', namespace: 'b', ...missing }] as const;
    expect(cacheFact({ ...cacheOf(0, ['pods']), health }).failing()).toBe(
      'not listed yet: pods in b',
    );
  });

  it('fails before everything was listed, and names what is missing', () => {
    const missing = cacheFact(cacheOf(0, ['pods', 'services'])).failing();
    expect(missing).toBe('not listed yet: pods, services');
  });
});
