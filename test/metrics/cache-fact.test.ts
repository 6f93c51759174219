import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { WatchHealth } from '../../kubernetes/watch/shared-cache.ts';
import { createCacheFact } from '../../metrics/cache-fact.ts';
import { createHealth } from '../../process/health.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Watches that were heard so many seconds ago; undefined: nothing was listed. */
function watches(seconds: number | undefined, namespace?: string): readonly WatchHealth[] {
  return (['seinodes', 'pods'] as const).map((resource) => ({
    resource,
    ...(namespace !== undefined && { namespace }),
    hasSynced: seconds !== undefined,
    lastContactAt: seconds === undefined ? undefined : Date.now() - seconds * 1_000,
  }));
}

const silent = (resource: WatchHealth['resource'], seconds: number): WatchHealth => ({
  resource,
  hasSynced: true,
  lastContactAt: Date.now() - seconds * 1_000,
});

function lineOf(...health: readonly (readonly WatchHealth[])[]): string {
  const process = createHealth();
  process.serve([createCacheFact({ health: () => health.flat() })]);
  const { isReady, lines } = process.readiness();
  expect(isReady).toBe(lines[0]?.startsWith('[+]'));
  return lines.join('\n');
}

describe('createCacheFact', () => {
  it('holds while every watch is heard within three minutes', () => {
    expect(lineOf(watches(0), [silent('services', 179)])).toBe('[+]caches ok');
  });

  it('fails when one was not heard for longer', () => {
    expect(lineOf(watches(0), [silent('services', 200)])).toBe(
      '[-]caches failed: the API server was not heard for 200 s',
    );
  });

  it('names the namespaces of what is missing, where none of several is listed', () => {
    expect(lineOf(watches(undefined, 'a'), watches(undefined, 'b'))).toBe(
      '[-]caches failed: not listed yet: seinodes in a, pods in a, seinodes in b, pods in b',
    );
  });

  it('fails before everything was listed, and names what is missing', () => {
    expect(lineOf([silent('services', 0)], watches(undefined))).toBe(
      '[-]caches failed: not listed yet: seinodes, pods',
    );
  });

  it('holds while one of several namespaces is heard, and names the others', () => {
    const heard = watches(60, 'a');
    expect(lineOf(heard, watches(0, 'b'))).toBe('[+]caches ok');
    expect(lineOf(heard, watches(400, 'b'))).toBe('[+]caches ok (not heard: b)');
    expect(lineOf(heard, watches(undefined, 'b'), watches(181, 'c'))).toBe(
      '[+]caches ok (not heard: b, c)',
    );
  });

  it('fails when none of several namespaces is heard', () => {
    expect(lineOf(watches(200, 'a'), watches(undefined, 'b'), watches(400, 'c'))).toBe(
      '[-]caches failed: the API server was not heard for 200 s',
    );
  });
});
