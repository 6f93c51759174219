import { describe, expect, it } from 'vitest';

import { nearNames } from '../../../cli/node/near-names.ts';

const NAMES = ['pacific-rpc-0', 'pacific-rpc-1', 'pacific-archive-0', 'atlantic-validator-0'];

describe('near names', () => {
  it('are those that a slip of the finger leads away from, the nearest first', () => {
    expect(nearNames('pacific-rcp-1', NAMES)).toEqual(['pacific-rpc-1', 'pacific-rpc-0']);
  });

  it('are those that contain what was typed', () => {
    expect(nearNames('archive', NAMES)).toEqual(['pacific-archive-0']);
  });

  it('are none for a name that is like no other', () => {
    expect(nearNames('x', NAMES.slice(0, 1))).toEqual([]);
  });
});
