import { describe, expect, it } from 'vitest';

import { nodeArgument } from '../../../cli/shell/node-argument.ts';

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
