import { describe, expect, it } from 'vitest';

import { parsePayloadKeys } from '../../temporal/payload-keys.ts';

const HEX = '0123456789abcdef'.repeat(4);
const BASE64 = Buffer.alloc(32, 7).toString('base64');

const parse = (text: string) => parsePayloadKeys(text, '/keys');

describe('parsePayloadKeys', () => {
  it('encrypts with the first key and keeps the others', () => {
    const { current, byId } = parse(`# of 2026\nk2 ${HEX}\n\n  k1\t${BASE64}\r\n`);
    expect(current).toEqual({ id: 'k2', bytes: Buffer.from(HEX, 'hex') });
    expect([...byId.keys()]).toEqual(['k2', 'k1']);
    expect(byId.get('k1')?.bytes).toEqual(Buffer.alloc(32, 7));
  });

  it.for([
    ['', '/keys has no key; write one as a line'],
    ['# only a comment\n', '/keys has no key'],
    [BASE64, '/keys, line 1 is not an id and a key'],
    [`k1 ${BASE64} more`, '/keys, line 1 is not an id and a key'],
    [`\nk1 ${HEX.slice(2)}`, '/keys, line 2: the key is not 32 bytes in base64 or hex'],
    [`k1 ${Buffer.alloc(33).toString('base64')}`, 'the key is not 32 bytes'],
    [`k:1 ${HEX}`, '/keys, line 1: the id is not made of'],
    [`k1 ${HEX}\nk1 ${BASE64}`, '/keys, line 2: there is a key "k1" before this one'],
  ])('refuses %j', ([text = '', message = '']) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('never shows a key that it refuses', () => {
    expect(() => parse(`k1 ${HEX}0`)).toThrow(expect.not.stringContaining(HEX));
  });
});
