import { describe, expect, it } from 'vitest';

import { describeAddress, LISTEN_ADDRESS, listenAddress } from '../../settings/listen-address.ts';

describe('listenAddress', () => {
  it.each([
    ['127.0.0.1:9464', '127.0.0.1', 9464],
    ['localhost:0', 'localhost', 0],
    ['[::]:9464', '::', 9464],
  ])('reads %s', (text, host, port) => {
    expect(listenAddress(text)).toEqual({ host, port });
    expect(describeAddress({ host, port })).toBe(text);
  });

  it.each(['9464', ':9464', '::1:9464', 'http://localhost:9464', 'localhost', 'localhost:123456'])(
    'refuses %s',
    (text) => {
      expect(LISTEN_ADDRESS.test(text)).toBe(false);
      expect(() => listenAddress(text)).toThrow(RangeError);
    },
  );
});
