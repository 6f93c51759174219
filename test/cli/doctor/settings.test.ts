import { describe, expect, it } from 'vitest';

import { checkServed } from '../../../cli/doctor/check-settings.ts';

const SEVERAL = { servedNamespaces: ['nodes-a', 'nodes-b'] };

describe('the check of the served namespaces', () => {
  it('finds those that the settings name, of which the one in question is one', () => {
    const all = { name: 'served namespaces', verdict: 'ok', found: 'nodes-a, nodes-b' };
    expect(checkServed(SEVERAL, 'nodes-b')).toEqual([all]);
    expect(checkServed(SEVERAL, undefined)).toEqual([all]);
  });

  it('fails for a namespace that is not among them', () => {
    expect(checkServed(SEVERAL, 'others')).toEqual([
      {
        name: 'served namespaces',
        verdict: 'fail',
        found: 'others is not in SEINODE_NAMESPACE=nodes-a,nodes-b',
        remedy: expect.stringContaining('give them the rights in it') as unknown,
      },
    ]);
  });

  it('says nothing where the settings do not', () => {
    expect(checkServed({ servedNamespaces: undefined }, 'nodes')).toEqual([]);
  });
});
