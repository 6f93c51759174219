import { describe, expect, it } from 'vitest';

import {
  describeAddress,
  LISTEN_ADDRESS,
  parseListenAddress,
} from '../../settings/listen-address.ts';

describe('parseListenAddress', () => {
  it.each([
    ['127.0.0.1:9464', '127.0.0.1', 9464],
    ['localhost:0', 'localhost', 0],
    ['[::]:9464', '::', 9464],
  ])('reads %s', (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
    expect(describeAddress({ host, port })).toBe(text);
  });

  it.each(['9464', ':9464', '::1:9464', 'http://localhost:9464', 'localhost', 'localhost:123456'])(
    'refuses %s',
    (text) => {
      expect(LISTEN_ADDRESS.test(text)).toBe(false);
      expect(() => parseListenAddress(text)).toThrow(RangeError);
    },
  );
});
