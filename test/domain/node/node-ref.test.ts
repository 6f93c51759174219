import { describe, expect, it } from 'vitest';

import { keyOf } from '../../../domain/node/node-ref.ts';
import { NODE } from '../../support/sei-node.ts';

describe('keyOf', () => {
  it('is what people write', () => {
    expect(keyOf(NODE)).toBe('default/n0');
  });
});
