import { describe, expect, it } from 'vitest';

import { createHealth } from '../../process/health.ts';

const holds = { name: 'caches', failing: () => undefined };
const fails = { name: 'pollers', failing: () => 'STOPPED' };

describe('createHealth', () => {
  it('is not ready before the process serves', () => {
    expect(createHealth().readiness()).toEqual({
      isReady: false,
      lines: ['[-]started failed: starting'],
    });
  });

  it('is ready while every fact holds', () => {
    const health = createHealth();
    health.serve([holds]);
    expect(health.readiness()).toEqual({ isReady: true, lines: ['[+]caches ok'] });
  });

  it('names the fact that does not hold, and why', () => {
    const health = createHealth();
    health.serve([holds, fails]);
    expect(health.readiness()).toEqual({
      isReady: false,
      lines: ['[+]caches ok', '[-]pollers failed: STOPPED'],
    });
  });

  it('is not ready any more once it drains, whatever holds', () => {
    const health = createHealth();
    health.serve([holds]);
    health.drain();
    expect(health.readiness()).toEqual({
      isReady: false,
      lines: ['[-]serving failed: draining'],
    });
  });
});
