import { describe, expect, it } from 'vitest';

import { fitsInPlace } from '../../../domain/pod/quota-refusal.ts';

const refusal = (requested: string, used: string, limited: string) =>
  `pods "n0-0" is forbidden: exceeded quota: q, requested: ${requested}, used: ${used}, limited: ${limited}`;

describe('fitsInPlace', () => {
  it.each([
    ['pods=1', 'pods=1', 'pods=1', true],
    ['pods=1', 'pods=5', 'pods=5', true],
    ['pods=1', 'pods=1', 'pods=0', false],
    ['pods=1', 'pods=0', 'pods=0', false],
    ['pods=1', 'pods=3', 'pods=2', false],
    ['requests.memory=2Gi', 'requests.memory=3Gi', 'requests.memory=4096Mi', true],
    ['requests.memory=2Gi', 'requests.memory=5Gi', 'requests.memory=4Gi', false],
    ['requests.cpu=500m', 'requests.cpu=100m', 'requests.cpu=400m', false],
    ['pods=1,requests.cpu=1', 'pods=2,requests.cpu=4', 'pods=2,requests.cpu=4', true],
    ['pods=1,requests.cpu=1', 'pods=2,requests.cpu=5', 'pods=2,requests.cpu=4', false],
    ['pods=1', 'services=1', 'pods=1', false],
  ])('says of requested %s, used %s, limited %s: %s', (requested, used, limited, fits) => {
    expect(fitsInPlace(refusal(requested, used, limited))).toBe(fits);
  });

  it('takes no other refusal for one of a quota', () => {
    expect(fitsInPlace('pods "n0-0" is forbidden: violates PodSecurity "restricted"')).toBe(false);
    expect(fitsInPlace('status unknown for quota: q, resources: pods')).toBe(false);
  });
});
