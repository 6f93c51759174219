import { describe, expect, it } from 'vitest';

import { runSummary } from '../../../domain/run/run-summary.ts';

describe('runSummary', () => {
  it('leaves a short one as it is', () => {
    expect(runSummary('default/n0: sei:v1 to sei:v2')).toBe('default/n0: sei:v1 to sei:v2');
  });

  it.each(['x', 'é', '日', '🚀'])('takes at most 256 bytes of %s, with no half of one', (one) => {
    const summary = runSummary(`a ${one.repeat(600)}`);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(256);
    expect(Buffer.byteLength(summary)).toBeGreaterThan(240);
    expect(summary).toMatch(new RegExp(`^a ${one}+…$`, 'u'));
  });
});
