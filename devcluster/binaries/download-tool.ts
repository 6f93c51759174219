import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import type { Activity } from '../progress.ts';
import { runProgram } from '../run-program.ts';
import { publishedChecksum } from './checksum.ts';
import type { ReleaseDownloads } from './release-downloads.ts';
import type { ReleaseHashes } from './release-hashes.ts';
import { hashKey } from './release-hashes.ts';
import type { Platform, Tool } from './tool.ts';

export interface ReleaseSource {
  readonly downloads: ReleaseDownloads;
  readonly hashes: ReleaseHashes;
}

/**
 * Downloads the official release of a tool and verifies it against the published checksum, and that against the one
 * that this repository knows.
 *
 * @param draft an empty folder for unfinished files
 * @returns path of the executable, in the draft folder
 * @throws {Unreachable} when there is no network
 * @throws when the release is not there, broke off, or is not what was published
 */
export async function downloadTool(
  tool: Tool,
  platform: Platform,
  draft: string,
  { downloads, hashes }: ReleaseSource,
  activity: Activity,
): Promise<string> {
  const release = tool.release(platform);
  const file = release.url.slice(release.url.lastIndexOf('/') + 1);
  const text = await downloads.text(release.checksum.url);
  const expected = publishedChecksum(release.checksum.kind, text, file);
  if (expected === undefined) {
    throw new Error(`${release.checksum.url} has no SHA-256 for ${file}`);
  }
  const known = hashes[hashKey(tool, platform)];
  if (known !== undefined && known !== expected) {
    throw new Error(
      `${release.checksum.url} says that ${file} has SHA-256 ${expected}, but it had ${known} when it was chosen`,
    );
  }
  const download = join(draft, 'download');
  const actual = await downloads.file(release.url, download, (bytes, total) => {
    activity.detail(
      total === undefined ? megabytes(bytes) : `${megabytes(bytes)} of ${megabytes(total)}`,
    );
  });
  if (actual !== expected) {
    throw new Error(`${release.url} has SHA-256 ${actual}, but ${expected} is published`);
  }
  return await unpacked(download, release.member, draft);
}

async function unpacked(
  download: string,
  member: string | undefined,
  draft: string,
): Promise<string> {
  const program = join(draft, 'program');
  if (member === undefined) {
    await rename(download, program);
  } else {
    await runProgram('tar', ['-xzf', download, '-C', draft, member], { env: process.env });
    await rename(join(draft, member), program);
  }
  return program;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
