import { describe, expect, it } from 'vitest';

import { ANY_IMAGE, imageRefusal, parseAllowedImage } from '../../../domain/node/image-policy.ts';
import type { ImagePolicy } from '../../../domain/node/image-policy.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

function allowing(...entries: readonly string[]): ImagePolicy {
  const allowed = entries.map(parseAllowedImage).filter((entry) => entry !== undefined);
  expect(allowed).toHaveLength(entries.length);
  return { allowed, requireDigest: false };
}

const isAllowed = (image: string, policy: ImagePolicy): boolean =>
  imageRefusal(image, policy) === undefined;

describe('imageRefusal', () => {
  it.for([
    'busybox',
    'sei:v1',
    'ghcr.io/sei-protocol/sei:v6.2.0',
    'ghcr.io/sei-protocol/sei',
    `ghcr.io/sei-protocol/sei@${DIGEST}`,
    `ghcr.io/sei-protocol/sei:v6@${DIGEST}`,
    'localhost:5000/a/b__c/d-e.f:Tag_1.x-y',
    '189176372795.dkr.ecr.us-east-2.amazonaws.com/sei/sei-chain:3d98c41',
    '[::1]:5000/sei:v1',
  ])('takes %s, which runtimes take', (image) => {
    expect(imageRefusal(image, ANY_IMAGE)).toBeUndefined();
  });

  it.for([
    '',
    ' ',
    'Sei:v1',
    'INVALID/Image:v1',
    'ghcr.io/sei-protocol/sei:',
    'ghcr.io/sei-protocol/sei:v 1',
    'ghcr.io//sei:v1',
    'ghcr.io/sei-protocol/:v1',
    'ghcr.io/sei-protocol/sei:v1:v2',
    'ghcr.io/sei-protocol/sei@sha256:abc',
    'https://ghcr.io/sei-protocol/sei:v1',
    `ghcr.io/${'a'.repeat(250)}:v1`,
    `sei:${'a'.repeat(129)}`,
    'ghcr.io/sei-protocol/sei:v1\n',
  ])('refuses %j, which runtimes refuse', (image) => {
    expect(imageRefusal(image, ANY_IMAGE)).toMatchObject({ reason: 'it is no image reference' });
  });

  it.for([
    ['ghcr.io/sei-protocol', 'ghcr.io/sei-protocol/sei:v1', true],
    ['ghcr.io/sei-protocol', 'ghcr.io/sei-protocol/tools/sei:v1', true],
    ['ghcr.io/sei-protocol', 'ghcr.io/sei-protocol-evil/sei:v1', false],
    ['ghcr.io/sei-protocol', 'ghcr.io.evil.com/sei-protocol/sei:v1', false],
    ['ghcr.io/sei-protocol', 'evil.com/ghcr.io/sei-protocol/sei:v1', false],
    ['ghcr.io/sei-protocol/sei', `ghcr.io/sei-protocol/sei@${DIGEST}`, true],
    ['ghcr.io/sei-protocol/sei', 'ghcr.io/sei-protocol/seid:v1', false],
    ['ghcr.io/sei-protocol/sei*', 'ghcr.io/sei-protocol/seid:v1', true],
    ['ghcr.io/*/sei', 'ghcr.io/anybody/sei:v1', true],
    ['ghcr.io/*/sei', 'ghcr.io/a/b/sei:v1', false],
    ['ghcr.io/a/*', 'ghcr.io/a:v1', false],
    ['ghcr.io', 'ghcr.io/anybody/anything', true],
    ['localhost:5000', 'localhost:5000/sei:v1', true],
    ['1.dkr.ecr.us-east-2.amazonaws.com/sei', '1.dkr.ecr.us-east-2.amazonaws.com/sei/x:1', true],
    ['1.dkr.ecr.us-east-2.amazonaws.com/sei', '6.dkr.ecr.us-east-2.amazonaws.com/sei/x:1', false],
    ['ghcr.io/ab*ba', 'ghcr.io/aba', false],
    ['ghcr.io/ab*ba', 'ghcr.io/ab-ba', true],
    ['sei-protocol', 'sei-protocol/sei:v1', false],
    ['sei-protocol/*', 'sei-protocol/sei:v1', true],
    ['docker.io/library', 'busybox', true],
    ['docker.io/sei-protocol', 'sei-protocol/sei:v1', true],
    ['ghcr.io', 'busybox', false],
  ] as const)('with %s allowed, %s: %s', ([entry, image, expected]) => {
    expect(isAllowed(image, allowing(entry))).toBe(expected);
  });

  it('allows what any entry of the list allows, and says which there are', () => {
    const policy = allowing('ghcr.io/sei-protocol', 'quay.io');
    expect(isAllowed('quay.io/x/y:1', policy)).toBe(true);
    expect(imageRefusal('evil.com/sei:v1', policy)).toEqual({
      reason: 'this installation allows only images of ghcr.io/sei-protocol, quay.io',
      remedy: 'use one of those, or have SEINODE_ALLOWED_IMAGES changed',
    });
  });

  it('refuses a tag alone where a digest is required', () => {
    const policy = { allowed: [], requireDigest: true };
    expect(isAllowed(`sei:v1@${DIGEST}`, policy)).toBe(true);
    expect(imageRefusal('ghcr.io/x/sei:v1', policy)?.remedy).toBe(
      'write it as ghcr.io/x/sei@sha256:DIGEST',
    );
  });
});

describe('parseAllowedImage', () => {
  it.for([
    '*.dkr.ecr.us-east-2.amazonaws.com/sei',
    '189176372795.dkr.ecr.*.amazonaws.com/sei',
    '*-docker.pkg.dev/sei/images',
    '*.example.com',
    '*',
    'sei-*/sei',
  ])('refuses %j, a registry or an account that anybody may have', (entry) => {
    expect(parseAllowedImage(entry)).toBeUndefined();
  });

  it.for(['', '/', 'ghcr.io/', 'ghcr.io/sei:v1', 'ghcr.io/sei@sha256', 'ghcr.io/a b', 'https://x'])(
    'refuses %j, which would match nothing',
    (entry) => {
      expect(parseAllowedImage(entry)).toBeUndefined();
    },
  );
});
