import { describe, expect, it } from 'vitest';

import { nodeArgument, nodePathArgument } from '../../../cli/shell/node-argument.ts';

describe('nodeArgument', () => {
  it.each(['n0', 'snode/n0', 'seinode/n0', 'seinodes/n0', 'seinode.sei.io/n0'])(
    'takes %s for n0',
    (value) => {
      expect(nodeArgument(value)).toBe('n0');
    },
  );

  it.each(['pod/n0', 'default/n0', 'snode/', 'snode/n0/status', '/n0'])('refuses %s', (value) => {
    expect(() => nodeArgument(value)).toThrow('must be the name of a SeiNode, such as n0');
  });
});

describe('nodePathArgument', () => {
  it.each([
    ['n0', { name: 'n0' }],
    ['snode/n0', { name: 'n0' }],
    ['default/n0', { namespace: 'default', name: 'n0' }],
  ])('takes %s', (value, node) => {
    expect(nodePathArgument(value)).toEqual(node);
  });

  it.each(['/n0', 'default/', 'a/b/c'])('refuses %s', (value) => {
    expect(() => nodePathArgument(value)).toThrow('must be NAMESPACE/NAME');
  });
});
