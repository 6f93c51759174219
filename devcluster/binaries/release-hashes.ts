import type { Platform, Tool } from './tool.ts';

/** The SHA-256 of release files, by tool, version and architecture. */
export type ReleaseHashes = Readonly<Record<string, string>>;

/**
 * The hashes that releases had when somebody looked. The checksum beside a release comes from the host that serves the
 * file, and so from whoever has taken that over, or has put a mirror in its place. A file of another version has
 * another key: whoever raises a version looks its hashes up where they are published, and compares them with those that
 * others have pinned. A tool without a hash here is only as good as its host.
 */
export const releaseHashes: ReleaseHashes = {
  'temporal 1.5.1 amd64': 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  'kubectl 1.36.3 amd64': 'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336',
  'kubectl 1.36.3 arm64': '3d86f24401c41ae5a46ac50eef8865fe891d3647d324a0836f6c63757a126e62',
};

export function hashKey({ name, version }: Tool, { arch }: Platform): string {
  return `${name} ${version} ${arch}`;
}
