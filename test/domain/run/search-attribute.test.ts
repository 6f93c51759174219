import { describe, expect, it } from 'vitest';

import { searchAttributeValue } from '../../../domain/run/search-attribute.ts';

describe('searchAttributeValue', () => {
  it.each(['', 'ghcr.io/sei-protocol/sei:v6.1.0', 'i'.repeat(255), '😀'.repeat(255)])(
    'leaves %j as it is',
    (text) => {
      expect(searchAttributeValue(text)).toBe(text);
    },
  );

  it('keeps the beginning and the end of an image that is longer than a column', () => {
    const [registry, digest] = ['ghcr.io/sei-protocol', `@sha256:${'0123456789abcdef'.repeat(4)}`];
    const value = searchAttributeValue(`${registry}/${'i'.repeat(400)}${digest}`);
    expect(value).toHaveLength(255);
    expect(value).toMatch(new RegExp(`^${registry}/i+…i+${digest}$`));
  });

  it('counts characters as a database does, and cuts none in two', () => {
    const value = searchAttributeValue('😀'.repeat(256));
    expect(Array.from(value)).toHaveLength(255);
    expect(value.isWellFormed()).toBe(true);
  });
});
