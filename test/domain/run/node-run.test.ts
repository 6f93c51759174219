import { describe, expect, it } from 'vitest';

import { waitsTaskQueue } from '../../../domain/run/node-run.ts';

describe('waitsTaskQueue', () => {
  it('is another queue than that of the short steps', () => {
    expect(waitsTaskQueue('seinode')).toBe('seinode-waits');
  });
});
