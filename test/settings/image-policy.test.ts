import { describe, expect, it } from 'vitest';

import { readImagePolicy } from '../../settings/image-policy.ts';
import { UserError } from '../../settings/user-error.ts';

describe('readImagePolicy', () => {
  it('allows any image by default', () => {
    expect(readImagePolicy({})).toEqual({ allowed: [], requireDigest: false });
    expect(readImagePolicy({ SEINODE_ALLOWED_IMAGES: ' , ' }).allowed).toEqual([]);
  });

  it('reads a list, and whether digests are required', () => {
    const env = {
      SEINODE_ALLOWED_IMAGES: 'ghcr.io/sei-protocol, sei/tools ,registry.example.com',
      SEINODE_REQUIRE_IMAGE_DIGEST: 'true',
    };
    expect(readImagePolicy(env)).toEqual({
      allowed: ['ghcr.io/sei-protocol', 'docker.io/sei/tools', 'registry.example.com'],
      requireDigest: true,
    });
  });

  it('refuses a registry that is left open', () => {
    const read = () =>
      readImagePolicy({ SEINODE_ALLOWED_IMAGES: '*.dkr.ecr.us-east-2.amazonaws.com/sei' });
    expect(read).toThrow(/has "\*\.dkr\..*: expected registries, each by its whole name/);
  });

  it('refuses an entry that could match nothing, with an example of one that can', () => {
    const read = () => readImagePolicy({ SEINODE_ALLOWED_IMAGES: 'quay.io,ghcr.io/sei:v6' });
    expect(read).toThrow(UserError);
    expect(read).toThrow(/has "ghcr.io\/sei:v6": expected .* such as ghcr.io\/sei-protocol/);
  });
});
