import { describe, expect, it } from 'vitest';

import { hostPlatform } from '../../../devcluster/binaries/host-platform.ts';

describe('hostPlatform', () => {
  it('names the architecture as Go does', () => {
    expect(hostPlatform('linux', 'x64')).toEqual({ os: 'linux', arch: 'amd64' });
    expect(hostPlatform('linux', 'arm64')).toEqual({ os: 'linux', arch: 'arm64' });
  });

  it.each([
    ['darwin', 'arm64'],
    ['linux', 'riscv64'],
  ] as const)('says that there is no devcluster on %s on %s, and what to use', (os, arch) => {
    expect(() => hostPlatform(os, arch)).toThrow(
      `The devcluster runs on Linux on amd64 or arm64, not on ${os} on ${arch}`,
    );
  });
});
