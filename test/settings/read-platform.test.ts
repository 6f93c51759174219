import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { platform } from '../../devcluster/platform.ts';
import { readPlatform } from '../../settings/read-platform.ts';
import { UserError } from '../../settings/user-error.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

beforeEach(() => {
  vi.stubEnv('SEI_CONTROLLER_CONFIG', undefined);
  for (const [name, value] of Object.entries(platform)) vi.stubEnv(name, value);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the images of the platform settings', () => {
  it('may be any by default', () => {
    expect(readPlatform().images.rbacProxy).toBe(platform.SEI_KUBE_RBAC_PROXY_IMAGE);
  });

  it('must be of the allowed repositories, as those of a spec', () => {
    vi.stubEnv('SEINODE_ALLOWED_IMAGES', 'ghcr.io/sei-protocol');
    expect(readPlatform).toThrow(UserError);
    expect(readPlatform).toThrow(
      /name images that may not run:\n {2}rbacProxy image quay\.io\/\S+: this installation allows only images of ghcr\.io\/sei-protocol; use one of those, or have SEINODE_ALLOWED_IMAGES changed$/,
    );
    vi.stubEnv('SEINODE_ALLOWED_IMAGES', 'ghcr.io/sei-protocol,quay.io/brancz');
    expect(readPlatform().imagePolicy?.allowed).toEqual(['ghcr.io/sei-protocol', 'quay.io/brancz']);
  });

  it('must be named by their digests where those of a spec must be', () => {
    vi.stubEnv('SEINODE_REQUIRE_IMAGE_DIGEST', 'true');
    expect(readPlatform).toThrow(/sidecar image .*\n.*rbacProxy image .*\n.*cosmosExporter image /);
    for (const name of ['SIDECAR', 'KUBE_RBAC_PROXY', 'COSMOS_EXPORTER']) {
      vi.stubEnv(`SEI_${name}_IMAGE`, `ghcr.io/sei-protocol/x@${DIGEST}`);
    }
    expect(readPlatform().imagePolicy?.requireDigest).toBe(true);
  });

  it('must be images', () => {
    vi.stubEnv('SEI_SIDECAR_IMAGE', 'https://ghcr.io/sei-protocol/seictl');
    expect(readPlatform).toThrow(/sidecar image \S+: it is no image reference/);
  });
});
